import { Lexer, type Token, type Tokens } from "marked";

import { decodeEntities } from "./entities";
import { linkify, safeHref } from "./links";
import type { Element, Node } from "./node";

/** Nobody needs more; a hostile text of ten thousand ">" must not build ten thousand elements. */
const MAX_DEPTH = 8;

interface MarkdownProps {
  text: string;
  /** Shows the caret: the text is still being written. */
  streaming?: boolean | undefined;
  /** Shows `[1]` as a small reference mark, not as brackets. */
  cited?: boolean | undefined;
}

/**
 * Markdown as elements, never as HTML: what is not known to be harmless is shown as the characters it is made of.
 *
 * Raw HTML is text, images are links, links lead to http, https and mailto only.
 */
export function Markdown({ text, streaming = false, cited = false }: MarkdownProps) {
  const className = `hv-words${streaming ? " hv-streaming" : ""}`;
  return (
    <div className={className} dir="auto">
      {blocks(parse(text), { cited, depth: 0 })}
    </div>
  );
}

/** Words exactly as they were typed, line breaks and all, with web addresses as links. */
export function PlainText({ text }: { text: string }) {
  return (
    <p className="hv-words hv-plain" dir="auto">
      {linkify(text).map((piece, i) => ("href" in piece ? link(piece.href, piece.text, i) : piece.text))}
    </p>
  );
}

const ONLY_CITED = /^\s*(\[\d{1,2}\]\s*)+$/;

interface Context {
  cited: boolean;
  depth: number;
}

function parse(text: string): Token[] {
  try {
    return new Lexer({ gfm: true, breaks: true }).lex(text);
  } catch {
    // The lexer descends once per level of quoting, so text made of nothing else can exhaust the stack.
    return [{ type: "text", raw: text, text } satisfies Tokens.Text];
  }
}

function blocks(tokens: Token[], context: Context): Node[] {
  return tokens.map((token, i) => block(token, i, context));
}

function block(token: Token, key: number, context: Context): Node {
  if (context.depth > MAX_DEPTH) return asTyped(token, key);
  const inside = { ...context, depth: context.depth + 1 };
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return (
        <p key={key} dir="auto">
          <strong>{spans(childrenOf(token), inside)}</strong>
        </p>
      );
    case "paragraph":
      // Numbers alone on a line say no more than the sources below.
      if (context.cited && ONLY_CITED.test(token.raw)) return null;
      return (
        <p key={key} dir="auto">
          {spans(childrenOf(token), inside)}
        </p>
      );
    case "text":
      return token.tokens ? <p key={key}>{spans(token.tokens, inside)}</p> : asTyped(token, key);
    case "code":
      return (
        <pre key={key} dir="ltr" tabIndex={0}>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote key={key}>{blocks(childrenOf(token), inside)}</blockquote>;
    case "list":
      return list(token as Tokens.List, key, inside);
    case "table":
      return table(token as Tokens.Table, key, inside);
    case "hr":
      return <hr key={key} />;
    default:
      return asTyped(token, key);
  }
}

function list(token: Tokens.List, key: number, context: Context): Element {
  const items = token.items.map((item, i) => (
    <li key={i} dir="auto">
      {item.task ? (item.checked ? "☑ " : "☐ ") : null}
      {listItem(item, context)}
    </li>
  ));
  if (!token.ordered) return <ul key={key}>{items}</ul>;
  return (
    <ol key={key} start={token.start === "" ? 1 : token.start}>
      {items}
    </ol>
  );
}

/** The words of a tight item stand directly in it; only further blocks become blocks. */
function listItem(item: Tokens.ListItem, context: Context): Node[] {
  return item.tokens
    .filter((token) => token.type !== "checkbox")
    .map((token, i) =>
      token.type === "text" && "tokens" in token && token.tokens
        ? spans(token.tokens, context)
        : block(token, i, context),
    );
}

function table(token: Tokens.Table, key: number, context: Context): Element {
  return (
    <div key={key} className="hv-table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, i) => (
              <th key={i} dir="auto" className={aligned(cell)}>
                {spans(cell.tokens, context)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, i) => (
                <td key={i} dir="auto" className={aligned(cell)}>
                  {spans(cell.tokens, context)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A class, not a style: the Content-Security-Policy allows none in the page. */
function aligned({ align }: Tokens.TableCell): string | undefined {
  return align === "center" || align === "right" ? `hv-${align}` : undefined;
}

function asTyped(token: Token, key: number): Element {
  return (
    <p key={key} className="hv-plain" dir="auto">
      {token.raw.trimEnd()}
    </p>
  );
}

function spans(tokens: Token[], context: Context): Node[] {
  return tokens.map((token, i) => span(token, i, context));
}

function span(token: Token, key: number, context: Context): Node {
  if (context.depth > MAX_DEPTH) return token.raw;
  const inside = { ...context, depth: context.depth + 1 };
  switch (token.type) {
    case "strong":
      return <strong key={key}>{spans(childrenOf(token), inside)}</strong>;
    case "em":
      return <em key={key}>{spans(childrenOf(token), inside)}</em>;
    case "del":
      return <del key={key}>{spans(childrenOf(token), inside)}</del>;
    case "codespan":
      return (
        <code key={key} dir="ltr">
          {(token as Tokens.Codespan).text}
        </code>
      );
    case "br":
      return <br key={key} />;
    case "link":
      return linkOrText(token as Tokens.Link, key, inside);
    case "image":
      return imageAsLink(token as Tokens.Image, key);
    case "escape":
      return (token as Tokens.Escape).text;
    case "text":
      return token.tokens ? spans(token.tokens, inside) : plain((token as Tokens.Text).text, key, context);
    default:
      return token.raw;
  }
}

function linkOrText(token: Tokens.Link, key: number, context: Context): Node {
  const href = safeHref(decodeEntities(token.href));
  return href === null ? token.raw : link(href, spans(token.tokens, context), key);
}

function imageAsLink(token: Tokens.Image, key: number): Node {
  const href = safeHref(decodeEntities(token.href));
  return href === null ? token.raw : link(href, token.text || href, key);
}

function link(href: string, children: Node, key: number): Element {
  return (
    <a key={key} href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function plain(text: string, key: number, { cited }: Context): Node {
  const words = decodeEntities(text);
  if (!cited || !words.includes("[")) return words;
  return words.split(/\s*\[(\d{1,2})\]/).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <sup key={`${String(key)}.${String(i)}`} className="hv-cite">
        {part}
      </sup>
    ),
  );
}

function childrenOf(token: Token): Token[] {
  return "tokens" in token ? (token.tokens ?? []) : [];
}
