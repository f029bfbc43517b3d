/** The part of Google Chat's cards that is used (developers.google.com/workspace/chat/api/reference/rest/v1/cards). */
export type Widget =
  | { readonly textParagraph: { readonly text: string } }
  | {
      readonly decoratedText: {
        readonly topLabel: string;
        readonly text: string;
        readonly bottomLabel?: string;
        readonly wrapText: true;
        readonly startIcon?: Icon;
      };
    };

export interface Icon {
  readonly iconUrl: string;
  readonly imageType: "CIRCLE";
}

export interface CardSection {
  readonly header?: string;
  readonly widgets: readonly Widget[];
}

export interface GoogleChatContent {
  /** What notifications say. */
  readonly fallbackText: string;
  readonly cardsV2: readonly [
    { readonly cardId: string; readonly card: { readonly sections: readonly CardSection[] } },
  ];
}
