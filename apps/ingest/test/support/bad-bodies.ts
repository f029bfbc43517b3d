const PAIR = { username: "octocat", repository: "hello-world" };
const json = (more: Record<string, unknown>) => JSON.stringify({ ...PAIR, ...more });

/** A body that fails the schema: its text and the pointer that must be named. */
export type BadBody = readonly [what: string, text: string, pointer: string];

const BAD_USERNAMES: Record<string, string> = {
  "is empty": "",
  "is a blank": " ",
  "has a blank at its end": "octocat ",
  "ends in a line break": "octocat\n",
  "is 40 long": "a".repeat(40),
  "is 60,000 long": "a".repeat(60_000),
  "begins with a hyphen": "-octocat",
  "begins with an underscore": "_octocat",
  "has a dot": "octo.cat",
  "has a slash": "octo/cat",
  climbs: "../octocat",
  "climbs in percents": "%2e%2e%2foctocat",
  "has a backslash": "octo\\cat",
  "has a null character": "octo\u0000cat",
  "has an umlaut": "öctocat",
  "has a Cyrillic о": "\u043ectocat",
  "has a full-width letter": "\uFF4Fctocat",
  "has a combining accent": "o\u0301ctocat",
  "has a zero-width space": "octo\u200Bcat",
  "turns the writing round": "\u202Eoctocat",
  "is an emoji": "🐙",
  "is half an emoji": "\uD83D",
  "has a query": "octocat?x=1",
  "has a fragment": "octocat#x",
  "has a colon": "octo:cat",
  "has an at sign": "octo@cat",
  "breaks a header": "octocat\r\nx-injected: 1",
  "is a tag": "<script>alert(1)</script>",
  "is a template": "{{7*7}}",
  "is a quote": "' OR 1=1 --",
};

const BAD_REPOSITORIES: Record<string, string> = {
  "is empty": "",
  "is one dot": ".",
  "is two dots": "..",
  "ends in .git": "hello.git",
  "ends in .GIT": "hello.GIT",
  "ends in .Git": "hello.Git",
  "is .git itself": ".git",
  "is 101 long": "r".repeat(101),
  "has a slash": "hello/world",
  climbs: "../../user",
  "climbs in percents": "..%2f..%2fuser",
  "has a backslash": "..\\..\\user",
  "has a blank": "hello world",
  "ends in a line break": "hello-world\n",
  "has a tab": "hello\tworld",
  "has a null character": "hello\u0000",
  "has an accent": "héllo",
  "has a division slash": "hello\u2215world",
  "has a full-width dot": "\uFF0E\uFF0E",
  "has a query": "hello?per_page=100",
  "has a fragment": "hello#readme",
  "has a semicolon": "hello;rm -rf",
  "has a colon": "hello:world",
  "has a dollar": "hello$world",
};

const NO_STRINGS: Record<string, unknown> = {
  "a number": 1,
  true: true,
  "an empty list": [],
  "a list": ["octocat"],
  "an object": {},
  null: null,
};

const MS_MEMBERS = ["scheduleInterval", "rescheduleInterval"] as const;
const BAD_MS: Record<string, string> = {
  "a text": '"5000"',
  negative: "-1",
  "a fraction": "0.5",
  "more than a year": "31536000001",
  "past the safe integers": "9007199254740993",
  "1e400": "1e400",
  "-1e400": "-1e400",
  true: "true",
  null: "null",
  "a list": "[1]",
};

const OTHER_MEMBERS: readonly BadBody[] = [
  ...["-1", "101", "1.5", '"3"', "null", "1e400"].map(
    (value) =>
      [
        `retryMaxAttempts is ${value}`,
        json({}).replace("}", `,"retryMaxAttempts":${value}}`),
        "/retryMaxAttempts",
      ] as const,
  ),
  ...[
    "",
    "tomorrow",
    "2027-01-01",
    "2027-01-01T00:00:00",
    "2027-13-01T00:00:00Z",
    "2027-02-30T00:00:00Z",
    "1798761600",
    `2027-01-01T00:00:00.${"0".repeat(40)}Z`,
  ].map((value) => [`runAt is ${JSON.stringify(value).slice(0, 30)}`, json({ runAt: value }), "/runAt"] as const),
  ["runAt is a number", json({ runAt: 1_798_761_600_000 }), "/runAt"],
  ["runAt is null", json({ runAt: null }), "/runAt"],
  ...(["true", 1, null, []] as const).map(
    (value) => [`onlyIfChanged is ${JSON.stringify(value)}`, json({ onlyIfChanged: value }), "/onlyIfChanged"] as const,
  ),
  ...(["", "later", 1, null] as const).map(
    (value) => [`snapshotAt is ${JSON.stringify(value)}`, json({ snapshotAt: value }), "/snapshotAt"] as const,
  ),
];

const TARGETS: readonly BadBody[] = [
  ["targets is a text", json({ targets: "default" }), "/targets"],
  ["targets is null", json({ targets: null }), "/targets"],
  ["targets is an object", json({ targets: { 0: "default" } }), "/targets"],
  ["targets is empty", json({ targets: [] }), "/targets"],
  ["there are 21 targets", json({ targets: Array(21).fill("default") }), "/targets"],
  ["there are 10,000 targets", json({ targets: Array(10_000).fill("d") }), "/targets"],
  ["a target is a number", json({ targets: [1] }), "/targets/0"],
  ["a target is null", json({ targets: [null] }), "/targets/0"],
  ["a target is a list", json({ targets: [["default"]] }), "/targets/0"],
  ["a target's name is empty", json({ targets: [""] }), "/targets/0"],
  ["a target's name climbs", json({ targets: ["default", "../x"] }), "/targets/1"],
  ["a target's name is that of a written-out one", json({ targets: ["webhook~example.com~0123456789"] }), "/targets/0"],
  ["a target's name is 101 long", json({ targets: ["a".repeat(101)] }), "/targets/0"],
  ["a target has no members", json({ targets: [{}] }), "/targets/0/kind"],
  ["a target has no url", json({ targets: [{ kind: "webhook" }] }), "/targets/0/url"],
  ["a target's kind is unknown", json({ targets: [{ kind: "fax", url: "https://example.com" }] }), "/targets/0/kind"],
  [
    "a target has an unknown member",
    json({ targets: [{ kind: "webhook", url: "https://example.com", secret: "x" }] }),
    "/targets/0/secret",
  ],
  ...[
    "file:///etc/passwd",
    "ftp://example.com",
    "javascript:alert(1)",
    "//example.com",
    " https://example.com",
    "gopher://127.0.0.1:6379/_",
    `https://example.com/${"a".repeat(2048)}`,
    "",
  ].map(
    (url) =>
      [
        `a target's url is ${JSON.stringify(url).slice(0, 32)}`,
        json({ targets: [{ kind: "webhook", url }] }),
        "/targets/0/url",
      ] as const,
  ),
];

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const nestedObjects = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const SHAPES: readonly BadBody[] = [
  ["the body is null", "null", ""],
  ["the body is true", "true", ""],
  ["the body is a number", "42", ""],
  ["the body is 1e400", "1e400", ""],
  ["the body is a text", '"octocat/hello-world"', ""],
  ["the body is a list", "[]", ""],
  ["the body is a list of a task", `[${json({})}]`, ""],
  ["the body is an empty object", "{}", "/username"],
  ["repository is missing", '{"username":"octocat"}', "/repository"],
  ["username is missing", '{"repository":"hello-world"}', "/username"],
  ["a member is unknown", json({ webhook: "https://example.com" }), "/webhook"],
  ["a member differs in case", json({ Username: "octocat" }), "/Username"],
  ["an unknown member needs escaping in a pointer", json({ "a/b~c": 1 }), "/a~1b~0c"],
  ["an unknown member has an empty name", json({ "": 1 }), "/"],
  [
    "there are 3,000 unknown members",
    json(Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`member${n}`, n]))),
    "/member0",
  ],
  ["__proto__ brings the members", `{"__proto__":${json({})}}`, "/username"],
  ["__proto__ comes along", json({}).replace("}", ',"__proto__":{"isAdmin":true}}'), "/__proto__"],
  ["constructor comes along", json({ constructor: { prototype: { isAdmin: true } } }), "/constructor"],
  ["prototype comes along", json({ prototype: {} }), "/prototype"],
  ["toString comes along", json({ toString: 1 }), "/toString"],
  ["hasOwnProperty comes along", json({ hasOwnProperty: 1 }), "/hasOwnProperty"],
  [
    "the second of two usernames is bad",
    '{"username":"octocat","username":"..","repository":"hello-world"}',
    "/username",
  ],
  ["lists are nested 30,000 deep", nested(30_000), ""],
  ["objects are nested 10,000 deep", nestedObjects(10_000), "/a"],
  ["username is a list 30,000 deep", `{"username":${nested(30_000)},"repository":"hello-world"}`, "/username"],
  [
    "targets is a list 30,000 deep",
    `{"username":"octocat","repository":"hello-world","targets":${nested(30_000)}}`,
    "/targets/0",
  ],
  [
    "an unknown member is 10,000 deep",
    `{"username":"octocat","repository":"hello-world","x":${nestedObjects(10_000)}}`,
    "/x",
  ],
];

/** Bodies that are JSON and not what the schema asks for. */
export const BAD_BODIES: readonly BadBody[] = [
  ...SHAPES,
  ...Object.entries(BAD_USERNAMES).map(
    ([what, username]) => [`username ${what}`, json({ username }), "/username"] as const,
  ),
  ...Object.entries(BAD_REPOSITORIES).map(
    ([what, repository]) => [`repository ${what}`, json({ repository }), "/repository"] as const,
  ),
  ...Object.entries(NO_STRINGS).flatMap(([what, value]) =>
    ["username", "repository"].map(
      (member) => [`${member} is ${what}`, json({ [member]: value }), `/${member}`] as const,
    ),
  ),
  ...MS_MEMBERS.flatMap((member) =>
    Object.entries(BAD_MS).map(
      ([what, value]) =>
        [`${member} is ${what}`, json({}).replace("}", `,"${member}":${value}}`), `/${member}`] as const,
    ),
  ),
  ...OTHER_MEMBERS,
  ...TARGETS,
];

/** Bodies that are no JSON at all. */
export const BROKEN_BODIES: Readonly<Record<string, string | Uint8Array>> = {
  "is empty": "",
  "is blank": " \r\n\t",
  "is a word": "octocat",
  "is a form": "username=octocat&repository=hello-world",
  "is XML": "<task/>",
  "is cut off": '{"username":"octocat","repository":"hello',
  "has a trailing comma": '{"username":"octocat","repository":"hello-world",}',
  "has single quotes": "{'username':'octocat','repository':'hello-world'}",
  "has a comment": '{"username":"octocat",/* */"repository":"hello-world"}',
  "holds two values": `${json({})}${json({})}`,
  "holds NaN": json({}).replace("}", ',"scheduleInterval":NaN}'),
  "holds Infinity": json({}).replace("}", ',"scheduleInterval":Infinity}'),
  "holds undefined": json({}).replace("}", ',"scheduleInterval":undefined}'),
  "holds a hexadecimal number": json({}).replace("}", ',"scheduleInterval":0x10}'),
  "holds a number with a leading zero": json({}).replace("}", ',"scheduleInterval":010}'),
  "holds a raw line break in a text": '{"username":"octo\ncat","repository":"hello-world"}',
  "holds a null character between members": '{"username":"octocat",\u0000"repository":"hello-world"}',
  "holds lists that never end": "[".repeat(60_000),
  "holds objects that never end": '{"a":'.repeat(12_000),
  "is Latin-1": Buffer.from('{"username":"öctocat","repository":"hello-world"}', "latin1"),
  "is UTF-16": Buffer.from(json({}), "utf16le"),
  "has a cut-off UTF-8 sequence": Buffer.concat([
    Buffer.from('{"username":"'),
    Buffer.from([0xe2, 0x82]),
    Buffer.from('"}'),
  ]),
  "has an overlong UTF-8 sequence": Buffer.concat([
    Buffer.from('{"username":"'),
    Buffer.from([0xc0, 0xaf]),
    Buffer.from('"}'),
  ]),
  "has a surrogate in UTF-8": Buffer.concat([
    Buffer.from('{"username":"'),
    Buffer.from([0xed, 0xa0, 0xbd]),
    Buffer.from('"}'),
  ]),
  "is random bytes": Buffer.from("deadbeef00ff10203040", "hex"),
};

/** Content types that are not JSON. */
export const BAD_TYPES: readonly string[] = [
  "text/plain",
  "text/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/xml",
  "application/jsonp",
  "application/json-patch+json",
  "application/vnd.api+json",
  "application/x-ndjson",
  "application/octet-stream",
  "json",
  "*/*",
  "text/plain; application/json",
  ",application/json",
];
