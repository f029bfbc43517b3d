/** The part of Adaptive Cards 1.4 that is used (adaptivecards.io, "Schema Explorer"). */
export interface TextBlock {
  readonly type: "TextBlock";
  readonly text: string;
  readonly wrap: true;
  readonly size?: "Small" | "Large";
  readonly weight?: "Bolder";
  readonly color?: "Default" | "Accent" | "Good" | "Warning" | "Attention";
  readonly isSubtle?: true;
  readonly fontType?: "Monospace";
  readonly spacing?: "None" | "Small" | "Medium" | "Large";
  readonly separator?: true;
}

export interface FactSet {
  readonly type: "FactSet";
  readonly facts: readonly { readonly title: string; readonly value: string }[];
}

export interface ColumnSet {
  readonly type: "ColumnSet";
  readonly columns: readonly {
    readonly type: "Column";
    readonly width: "auto" | "stretch";
    readonly verticalContentAlignment: "Center";
    readonly items: readonly (TextBlock | Image)[];
  }[];
}

export interface Image {
  readonly type: "Image";
  readonly url: string;
  readonly altText: string;
  readonly size: "Small";
  readonly style: "Person";
}

export interface OpenUrl {
  readonly type: "Action.OpenUrl";
  readonly title: string;
  readonly url: string;
}

export type Element = TextBlock | FactSet | ColumnSet;

export interface TeamsPayload {
  readonly type: "message";
  readonly attachments: readonly [
    {
      readonly contentType: "application/vnd.microsoft.card.adaptive";
      readonly contentUrl: null;
      readonly content: {
        readonly $schema: "http://adaptivecards.io/schemas/adaptive-card.json";
        readonly type: "AdaptiveCard";
        readonly version: "1.4";
        readonly msteams: { readonly width: "Full" };
        readonly fallbackText: string;
        readonly body: readonly Element[];
        readonly actions?: readonly OpenUrl[];
      };
    },
  ];
}

/** A text that wraps: by default Teams shows one line of it. */
export function textBlock(text: string, look: Omit<TextBlock, "type" | "text" | "wrap"> = {}): TextBlock {
  return { type: "TextBlock", text, wrap: true, ...look };
}
