import { describe, expect, it } from "@jest/globals";
import { basecampDocument } from "../../test/support/documents.ts";
import { toRichText } from "./html.ts";
import type { Block, Inline } from "./rich-text.ts";

const text = (plain: string): Inline => ({ type: "text", text: plain });
const paragraph = (...children: (Inline | string)[]): Block => ({
  type: "paragraph",
  children: children.map((child) => (typeof child === "string" ? text(child) : child)),
});
const strong = (...children: Inline[]): Inline => ({ type: "strong", children });
const link = (url: string, plain: string): Inline => ({ type: "link", url, children: [text(plain)] });

describe("text", () => {
  it.each<[string, string, Block[]]>([
    ["nothing", "", []],
    ["only blanks", " \n\t&nbsp;<div> <br> </div>", []],
    ["plain text", "a < b &amp; c", [paragraph("a < b & c")]],
    ["blanks and line ends", "<div>  a \n\n b\u00a0 &nbsp; c </div>", [paragraph("a b c")]],
    ["neighbouring blocks", "a<div>b</div>c<p>d<p>e", ["a", "b", "c", "d", "e"].map((each) => paragraph(each))],
    ["one line break", "<div>a<br>b<br></div>", [paragraph("a", { type: "break" }, "b")]],
    ["an empty line", "<div>a <br> <br/><br>b</div>", [paragraph("a"), paragraph("b")]],
    ["an empty line within marks", "<b>a<br><br>b</b>", [paragraph(strong(text("a"))), paragraph(strong(text("b")))]],
    ["unknown elements", "<foo>a<bar x=1>b</bar></foo>", [paragraph("ab")]],
    ["broken entities", "&amp &bogus; &#; &#0;", [paragraph("& &bogus; &#; \ufffd")]],
    [
      "what is not for reading",
      "a<script>b</script><style>c</style><!-- d --><svg><text>e</text></svg>f",
      [paragraph("af")],
    ],
    ["controls", "a\u0000\u001b[31m\u202eb&#x202e;&#8203;c\fd", [paragraph("a[31mbc d")]],
    ["emoji at the edge of a piece", `${"x".repeat(4095)}😀`, [paragraph(`${"x".repeat(4095)}😀`)]],
    ["half a character", "a\ud800b", [paragraph("a\ufffdb")]],
    [
      "a table",
      "<table><tr><th>a</th><th>b</th></tr> <tr> <td>1</td> <td>2</td> </tr></table>",
      [paragraph("a · b"), paragraph("1 · 2")],
    ],
  ])("with %s is read as a browser does", (_, html, expected) => {
    expect(toRichText(html)).toEqual(expected);
  });
});

describe("marks", () => {
  it.each<[string, Block[]]>([
    ["<strong>a</strong><b>b</b>", [paragraph(strong(text("a")), strong(text("b")))]],
    ["<b>a <b>b</b> c</b>", [paragraph(strong(text("a b c")))]],
    ["x<b> a </b>y", [paragraph("x ", strong(text("a")), " y")]],
    ["<b></b><i> </i>x", [paragraph("x")]],
    ["<b>a <i>b</i></b>", [paragraph(strong(text("a "), { type: "emphasis", children: [text("b")] }))]],
    ["<b><i>a</b>b</i>", [paragraph(strong({ type: "emphasis", children: [text("a")] }), "b")]],
    [
      "<del>a</del> <code>b <b>c</b></code>",
      [paragraph({ type: "strike", children: [text("a")] }, " ", { type: "code", text: "b c" })],
    ],
    ["<b>a<div>b</div></b>", [paragraph(strong(text("a"))), paragraph(strong(text("b")))]],
  ])("%s", (html, expected) => {
    expect(toRichText(html)).toEqual(expected);
  });
});

describe("links", () => {
  it.each<[string, Block[]]>([
    ['<a href="https://example.com/?a=1&amp;b=2">x</a>', [paragraph(link("https://example.com/?a=1&b=2", "x"))]],
    ['<a href="mailto:a@example.com">x</a>', [paragraph(link("mailto:a@example.com", "x"))]],
    [
      'see <a href="https://example.com/"> this </a>now',
      [paragraph("see ", link("https://example.com/", "this"), " now")],
    ],
    ['<a href="https://example.com/"></a>', []],
    ['<a href="/relative">x</a>', [paragraph("x")]],
    ['<a href="javascript:alert(1)">x</a>', [paragraph("x")]],
    ['<a href="&#106;avascript:alert(1)">x</a>', [paragraph("x")]],
    ["<a name=x>x</a>", [paragraph("x")]],
    [
      '<a href="https://a.example/">a<a href="https://b.example/">b</a></a>',
      [paragraph(link("https://a.example/", "a"), link("https://b.example/", "b"))],
    ],
  ])("%s", (html, expected) => {
    expect(toRichText(html)).toEqual(expected);
  });
});

describe("blocks", () => {
  it.each<[string, Block[]]>([
    ["<h1>a</h1>b", [{ type: "heading", children: [text("a")] }, paragraph("b")]],
    ["<pre>\n  a\n\tb &lt;\r\n<b>c</b><br>d\n</pre>", [{ type: "code", text: "  a\n\tb <\nc\nd" }]],
    ["a<hr>b", [paragraph("a"), { type: "rule" }, paragraph("b")]],
    [
      "<blockquote>a<blockquote>b</blockquote></blockquote>",
      [{ type: "quote", children: [paragraph("a"), { type: "quote", children: [paragraph("b")] }] }],
    ],
    ["<blockquote> </blockquote><ul><li></li></ul><pre> </pre>", []],
    ["<ul> <li>a <li>b</ul>", [{ type: "list", isOrdered: false, items: [[paragraph("a")], [paragraph("b")]] }]],
    ["<li>a</li>", [paragraph("a")]],
    ["<ol>a</ol>", [{ type: "list", isOrdered: true, items: [[paragraph("a")]] }]],
    [
      "<ul><li>a</li><ul><li>b</li></ul></ul>",
      [
        {
          type: "list",
          isOrdered: false,
          items: [[paragraph("a"), { type: "list", isOrdered: false, items: [[paragraph("b")]] }]],
        },
      ],
    ],
  ])("%s", (html, expected) => {
    expect(toRichText(html)).toEqual(expected);
  });
});

describe("pictures, files and people", () => {
  const file = 'filename="a.pdf" href="https://example.com/blobs/a.pdf" content-type="application/pdf"';
  it.each<[string, string, Block[]]>([
    [
      "a picture",
      'x <img src="https://example.com/a%20b.png">',
      [paragraph("x ", link("https://example.com/a%20b.png", "a b.png"))],
    ],
    [
      "a badly encoded name",
      '<img src="https://example.com/%zz.png">',
      [paragraph(link("https://example.com/%zz.png", "%zz.png"))],
    ],
    [
      "a described picture",
      '<img src="https://example.com/a.png" alt="A cat">',
      [paragraph(link("https://example.com/a.png", "A cat"))],
    ],
    [
      "a picture that leads nowhere",
      '<img src="/a.png" alt="A cat"><img src="data:image/png;base64,x">',
      [paragraph("A cat")],
    ],
    [
      "a linked picture",
      '<a href="https://example.com/"><img src="https://example.com/a.png" alt="A cat"></a>',
      [paragraph(link("https://example.com/", "A cat"))],
    ],
    [
      "a file",
      `a<bc-attachment ${file}></bc-attachment>b`,
      [paragraph("a"), paragraph(link("https://example.com/blobs/a.pdf", "a.pdf")), paragraph("b")],
    ],
    [
      "a file with a caption",
      `<bc-attachment ${file} caption="The plan" />`,
      [paragraph(link("https://example.com/blobs/a.pdf", "The plan"))],
    ],
    ["a file without an address", '<bc-attachment filename="a.pdf"></bc-attachment>', [paragraph("a.pdf")]],
    [
      "a mention",
      'Hi <bc-attachment content-type="application/vnd.basecamp.mention"><figure><img src="https://example.com/me" alt="Annie Bryan"><figcaption>Annie</figcaption></figure></bc-attachment>!',
      [paragraph("Hi Annie!")],
    ],
    [
      "a file as Trix writes it",
      '<figure data-trix-attachment="{}"><a href="https://example.com/a.zip"><figcaption><span>a.zip</span><span>1 KB</span></figcaption></a></figure>',
      [paragraph(link("https://example.com/a.zip", "a.zip 1 KB"))],
    ],
    [
      "a figure",
      "<figure><pre>x</pre><figcaption>Listing</figcaption></figure>",
      [{ type: "code", text: "x" }, paragraph("Listing")],
    ],
  ])("%s is told by name", (_, html, expected) => {
    expect(toRichText(html)).toEqual(expected);
  });
});

it("reads a message as Basecamp sends it", () => {
  const body = toRichText(basecampDocument().recording.content);
  expect(body.map(({ type }) => type)).toEqual([
    "paragraph",
    "paragraph",
    "heading",
    "list",
    "quote",
    "code",
    "paragraph",
  ]);
  expect(body[1]).toEqual(
    paragraph(
      "This is the place where we plan the launch. Please read the ",
      link("https://3.basecamp.com/195539477/buckets/2085958494/documents/9007199254741466", "style guide"),
      " first, Annie.",
    ),
  );
});
