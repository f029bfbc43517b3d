import type {
  BasecampDocument,
  Changes,
  Digest,
  DigestIssue,
  TargetDisabledDocument,
  TaskExhaustedDocument,
  TestDocument,
} from "@hookline/contracts";

const NOON = "2026-11-21T12:00:05.000Z";
const REPOSITORY_URL = "https://github.com/octocat/hello-world";

/** The newest of 47 open issues. */
const newest: readonly (readonly [number, string, string | null])[] = [
  [365, "Log lines should carry the request id", "monalisa"],
  [371, "Publish an arm64 image", "hubot"],
  [377, "Allow several secrets while rotating", "octocat"],
  [380, "Memory grows slowly with 100k scheduled tasks", "ezmobius"],
  [388, "Question: how to run two workers behind one Redis?", "evanphx"],
  [391, "Type error in strict mode: Property 'at' does not exist", "wanstrath"],
  [398, "Emoji in labels are cut in half on small screens 🙂", null],
  [402, "Add a setting for the number of issues per digest", "pjhyett"],
  [405, "Digest shows a closed issue as open for one interval", "mojombo"],
  [410, "Docs: the compose file's healthcheck uses the wrong port", "defunkt"],
  [411, "Support `Retry-After` given as an HTTP date", "monalisa"],
  [412, "Worker exits with code 1 when Redis restarts during a drain", "hubot"],
];

const older = Array.from({ length: 35 }, (_, index): readonly [number, string, string | null] => {
  const number = 100 + index * 7;
  return [number, `Example ${number} of the guide does not work`, "octocat"];
});

/** The oldest first, as GitHub is asked for them. */
const issues: DigestIssue[] = [...older, ...newest].map(([number, title, author], index) => ({
  title,
  author,
  labels: [{ id: 208045946, name: index % 2 === 0 ? "bug" : "enhancement", color: "d73a4a" }],
  number,
  url: `${REPOSITORY_URL}/issues/${number}`,
  createdAt: new Date(Date.parse("2026-11-21T09:30:00Z") - (46 - index) * 36_000_000).toISOString(),
}));

const changes: Changes = {
  since: "2026-11-20T12:00:03.000Z",
  stars: { old: 1229, new: 1234 },
  forks: { old: 311, new: 312 },
  openIssues: { old: 46, new: 47 },
  pushedAt: { old: "2026-11-20T08:00:00Z", new: "2026-11-21T10:15:00Z" },
  issues: {
    opened: issues.slice(-3).map(({ number, title, url, author }) => ({ number, title, url, author })),
    closed: [
      { number: 396, title: "Typo in README", url: `${REPOSITORY_URL}/issues/396`, author: null },
      { number: 400, title: "Crash on empty description", url: `${REPOSITORY_URL}/issues/400`, author: "hubot" },
    ],
  },
  contributors: { joined: ["monalisa"] },
};

/** A lively repository's digest of 21 November 2026, with changes since the day before. */
export function digestDocument(overrides: Partial<Digest> = {}): Digest {
  return {
    type: "repository.digest",
    id: "0193510b7f3a7c5e",
    timestamp: NOON,
    user: "octocat",
    repository: "hello-world",
    issues: [...issues],
    contributors: [
      { user: "octocat", qtd_commits: 1032, name: "The Octocat" },
      { user: "hubot", qtd_commits: 211, name: null },
      { user: "renovate[bot]", qtd_commits: 97, name: "renovate[bot]" },
      { user: "defunkt", qtd_commits: 44, name: "Chris Wanstrath" },
      { user: "mojombo", qtd_commits: 12, name: "Tom Preston-Werner" },
      { user: "monalisa", qtd_commits: 1, name: "Mona Lisa" },
    ],
    stats: {
      stars: 1234,
      forks: 312,
      watchers: 87,
      openIssues: 47,
      openPullRequests: 6,
      contributors: 6,
      languages: { TypeScript: 184_320, Dockerfile: 2_048, Shell: 1_024 },
      license: "MIT",
      topics: ["queue", "webhooks"],
      defaultBranch: "main",
      latestRelease: "v1.2.0",
      pushedAt: "2026-11-21T10:15:00Z",
      archived: false,
      visibility: "public",
      description: "My first repository on GitHub!",
    },
    snapshot: {
      collectedAt: "2026-11-21T12:00:00.000Z",
      ageMs: 5000,
      stale: false,
      partial: false,
      partialReasons: [],
      githubRequests: 9,
    },
    changes,
    ...overrides,
  };
}

const WELCOME = [
  "<div><strong>Welcome to The Leto Laptop!</strong><br><br>",
  "This is the place where we plan the launch. Please read the ",
  '<a href="https://3.basecamp.com/195539477/buckets/2085958494/documents/9007199254741466">style guide</a> first, ',
  '<bc-attachment sgid="BAh7CEkiCGdpZAY6" content-type="application/vnd.basecamp.mention"><figure>',
  '<img src="https://3.basecamp-static.com/people/avatar" alt="Annie Bryan"><figcaption>Annie</figcaption></figure>',
  "</bc-attachment>.<br></div>",
  "<h1>What happens next</h1>",
  "<ol><li>Choose the <em>name</em><ul><li>no abbreviations</li><li>ask <del>legal</del> Victor</li></ul></li>",
  "<li>Order 1,000 stickers &amp; a banner</li></ol>",
  "<blockquote>The best way to predict the future is to invent it.</blockquote>",
  "<pre>npm install\nnpm start</pre>",
  '<bc-attachment sgid="BAh7CEkiCGdpZAY7" content-type="image/png" filename="leto-sketch.png" caption="First sketch" ',
  'href="https://3.basecamp.com/195539477/blobs/5a3f/download/leto-sketch.png"></bc-attachment>',
].join("");

/** "Welcome", the message that Matt Donahue wrote on the message board of the project "The Leto Laptop". */
export function basecampDocument(overrides: BasecampOverrides = {}): BasecampDocument {
  const { event, recording, creator, ...rest } = overrides;
  return {
    type: "basecamp.recording",
    id: "0193510b7f3a7c5f",
    timestamp: NOON,
    inbox: "leto",
    ...rest,
    event: { id: "9007199254741601", kind: "message_created", createdAt: "2026-11-21T11:59:58.933Z", ...event },
    recording: {
      id: "9007199254741434",
      type: "Message",
      status: "active",
      title: "Welcome",
      content: WELCOME,
      url: "https://3.basecampapi.com/195539477/buckets/2085958494/messages/9007199254741434.json",
      appUrl: "https://3.basecamp.com/195539477/buckets/2085958494/messages/9007199254741434",
      parentId: "9007199254741430",
      parentAppUrl: "https://3.basecamp.com/195539477/buckets/2085958494/message_boards/9007199254741430",
      parentTitle: "Message Board",
      project: "The Leto Laptop",
      ...recording,
    },
    creator:
      creator === undefined
        ? { name: "Matt Donahue", avatarUrl: "https://3.basecamp-static.com/people/matt/avatar-64-x4" }
        : creator,
  };
}

export type BasecampOverrides = Partial<Omit<BasecampDocument, "event" | "recording">> & {
  readonly event?: Partial<BasecampDocument["event"]>;
  readonly recording?: Partial<BasecampDocument["recording"]>;
};

export function testDocument(overrides: Partial<TestDocument> = {}): TestDocument {
  return { type: "target.test", id: "0193510b7f3a7c60", timestamp: NOON, target: "team", ...overrides };
}

export function targetDisabledDocument(overrides: Partial<TargetDisabledDocument> = {}): TargetDisabledDocument {
  return {
    type: "target.disabled",
    id: "0193510b7f3a7c61",
    timestamp: NOON,
    target: "team",
    kind: "slack",
    reason: "the target answered 410 Gone",
    ...overrides,
  };
}

/** A delivery that failed at its target, with seven more like it. */
export function taskExhaustedDocument(overrides: Partial<TaskExhaustedDocument> = {}): TaskExhaustedDocument {
  return {
    type: "task.exhausted",
    id: "0193510b7f3a7c62",
    taskId: "0193510b7f3a7c5e",
    timestamp: NOON,
    deliveryId: "0193510b7f3a7c5e-team",
    target: "team",
    attempts: 4,
    error: { code: "target_unavailable", message: "the target answered 503: upstream connect error" },
    alsoFailed: 7,
    ...overrides,
  };
}
