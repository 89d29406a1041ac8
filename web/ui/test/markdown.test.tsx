import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { Markdown, PlainText } from "../src/Markdown";

const html = (text: string, cited = false) =>
  renderToStaticMarkup(<Markdown text={text} cited={cited} />)
    .replace(/^<div[^>]*>/, "")
    .replace(/<\/div>$/, "")
    .replaceAll(' dir="auto"', "");

describe("ordinary Markdown", () => {
  it("becomes paragraphs, emphasis and line breaks", () => {
    expect(html("Hello **you** and *me*, ~~not them~~\nnext\n\nagain")).toBe(
      "<p>Hello <strong>you</strong> and <em>me</em>, <del>not them</del><br/>next</p><p>again</p>",
    );
  });

  it("becomes lists, nested and numbered from where they start", () => {
    expect(html("- a\n  - b\n- c")).toBe("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>");
    expect(html("3. x\n4. y")).toBe('<ol start="3"><li>x</li><li>y</li></ol>');
  });

  it("flattens headings to a strong line", () => {
    expect(html("# Fees\ntext")).toBe("<p><strong>Fees</strong></p><p>text</p>");
  });

  it("shows code as it stands", () => {
    expect(html("`a < b`")).toBe('<p><code dir="ltr">a &lt; b</code></p>');
    expect(html("```js\nlet x = `1`;\n```")).toBe(
      '<pre dir="ltr" tabindex="0"><code>let x = `1`;</code></pre>',
    );
  });

  it("becomes tables that can scroll on their own", () => {
    expect(html("| a | b |\n|---|---|\n| 1 | **2** |")).toBe(
      '<div class="hv-table" tabindex="0"><table><thead><tr><th>a</th><th>b</th></tr></thead>' +
        "<tbody><tr><td>1</td><td><strong>2</strong></td></tr></tbody></table></div>",
    );
  });

  it("reads character references once", () => {
    expect(html("AT&amp;T &lt;b&gt; &#8364; &amp;lt; &nope;")).toBe(
      "<p>AT&amp;T &lt;b&gt; € &amp;lt; &amp;nope;</p>",
    );
  });

  it("opens links in a new tab, without a referrer", () => {
    expect(html("[site](https://example.org/a?b=1&c=2)")).toBe(
      '<p><a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">site</a></p>',
    );
    expect(html("<mailto:a@example.org>")).toContain('href="mailto:a@example.org"');
  });

  it("shows references small only where an answer cites", () => {
    expect(html("Yes [1][2].", true)).toBe(
      '<p>Yes<sup class="hv-cite">1</sup><sup class="hv-cite">2</sup>.</p>',
    );
    expect(html("list[1]")).toBe("<p>list[1]</p>");
  });

  it("leaves references that stand alone to the sources below", () => {
    expect(html("- one\n\n[1] [2]", true)).not.toContain("<p");
    expect(html("[1]")).toBe("<p>[1]</p>");
  });

  it("aligns the columns of a table as it says", () => {
    const cells = html("| a | b |\n|---|---:|\n| 1 | 2 |").match(/<t[hd]( [^>]*)?>/g);

    expect(cells).toEqual(["<th>", '<th class="hv-right">', "<td>", '<td class="hv-right">']);
  });
});

describe("hostile Markdown", () => {
  const HOSTILE_LINKS = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](\u0001javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "[x](/console)",
    "[x](//example.org)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)",
  ];

  it.each(HOSTILE_LINKS)("%j makes no link", (text) => {
    expect(html(text)).not.toContain("<a");
  });

  it("shows raw HTML as the characters it is made of", () => {
    expect(html("<script>alert(1)</script>")).toBe('<p class="hv-plain">&lt;script&gt;alert(1)&lt;/script&gt;</p>');
    expect(html('a <img src=x onerror="alert(1)"> b')).toBe(
      "<p>a &lt;img src=x onerror=&quot;alert(1)&quot;&gt; b</p>",
    );
    expect(html('<a href="javascript:alert(1)">x</a>')).not.toContain("<a");
    expect(html("<!-- hidden -->")).toContain("&lt;!-- hidden --&gt;");
  });

  it("turns images into links, so that nothing is loaded", () => {
    expect(html("![a cat](https://example.org/cat.png)")).toBe(
      '<p><a href="https://example.org/cat.png" target="_blank" rel="noopener noreferrer nofollow">a cat</a></p>',
    );
  });

  it("keeps right-to-left marks and emoji families whole", () => {
    const text = "مرحبا \u202Eabc\u202C 👨‍👩‍👧‍👦 e\u0301";

    expect(html(text)).toBe(`<p>${text}</p>`);
  });

  it.each([
    ["quotes", ">".repeat(20_000)],
    ["brackets", "[".repeat(8_000)],
    ["images", "![".repeat(4_000)],
    ["stars", "*a ".repeat(2_700)],
    ["underscores", "_".repeat(8_000)],
    ["back-ticks", "`".repeat(8_000)],
    ["nested lists", Array.from({ length: 120 }, (_, i) => `${" ".repeat(2 * i)}- x`).join("\n")],
    ["tables", "|".repeat(8_000)],
    ["references", "&#".repeat(4_000)],
  ])("survives thousands of %s in well under a second", (_, text) => {
    const before = performance.now();
    const shown = html(text);

    expect(shown.match(/<(blockquote|ul)/g)?.length ?? 0).toBeLessThan(10);
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it("shows what is nested too deep as it was typed", () => {
    expect(html(`${"> ".repeat(30)}end`)).toContain("end");
  });
});

describe("an answer that is being written", () => {
  it("carries the mark for the caret", () => {
    const shown = renderToStaticMarkup(<Markdown text="So **far" streaming />);

    expect(shown).toBe('<div class="hv-words hv-streaming" dir="auto"><p dir="auto">So **far</p></div>');
  });
});

describe("plain words", () => {
  it("keep every character, and addresses become links", () => {
    const shown = renderToStaticMarkup(<PlainText text={"2*3*4 <b>\n(see https://example.org/a_(b)). javascript:x"} />);

    expect(shown).toBe(
      '<p class="hv-words hv-plain" dir="auto">2*3*4 &lt;b&gt;\n(see ' +
        '<a href="https://example.org/a_(b)" target="_blank" rel="noopener noreferrer nofollow">https://example.org/a_(b)</a>' +
        "). javascript:x</p>",
    );
  });
});
