import { ServiceFault } from '#local/services/local-service.ts';

/** What an element holds: text, elements by name, or (a list) the element several times over; `undefined` leaves it out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent };

/** Elements by name, in the order in which they are written. */
export interface XmlElements {
  readonly [name: string]: XmlContent;
}

/** An element as it was read: its text, or its children by name, each name with all that bear it. */
export type XmlValue = string | { readonly [name: string]: readonly XmlValue[] };

const TOKEN =
  /<\?[^>]*\?>|<!--[\s\S]*?-->|<(?<closing>\/)?(?<name>[A-Za-z_][\w:.-]*)(?:\s[^<>]*?)?(?<empty>\/)?>|(?<text>[^<]+)/y;

const LAST_CODE_POINT = 0x10_ffff;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Writes a document with its declaration, as S3 and SQS answer. */
export function renderXml(root: string, content: XmlContent, namespace?: string): string {
  const xmlns = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${renderContent(content)}</${root}>`;
}

function renderContent(content: XmlContent): string {
  if (typeof content !== 'object') return escapeText(String(content ?? ''));
  return Object.entries(content)
    .flatMap(([name, value]) =>
      isList(value) ? value.map((each) => [name, each]) : [[name, value]],
    )
    .map(([name, value]) =>
      value === undefined ? '' : `<${String(name)}>${renderContent(value)}</${String(name)}>`,
    )
    .join('');
}

function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

/**
 * Reads a small document without attributes, document types or mixed content: what S3's clients send.
 *
 * @returns The root element under its name.
 * @throws {ServiceFault} `MalformedXML`.
 */
export function parseXml(document: string): XmlValue {
  const root: OpenElement = { name: '', children: {}, text: '' };
  const open = [root];
  for (const token of tokens(document)) take(open, token);
  if (open.length !== 1 || Object.keys(root.children).length !== 1) throw malformed();
  return root.children;
}

interface OpenElement {
  readonly name: string;
  readonly children: Record<string, XmlValue[]>;
  text: string;
}

function take(open: OpenElement[], token: Record<string, string | undefined>): void {
  const { closing, name, empty, text } = token;
  const top = open.at(-1);
  if (top && text !== undefined) top.text += text;
  if (name === undefined) return;
  if (closing === undefined) open.push({ name, children: {}, text: '' });
  if (closing !== undefined || empty !== undefined) close(open, name);
}

function close(open: OpenElement[], name: string): void {
  const closed = open.pop();
  const parent = open.at(-1);
  if (closed?.name !== name || parent === undefined) throw malformed();
  const isLeaf = Object.keys(closed.children).length === 0;
  const siblings = parent.children[name] ?? [];
  siblings.push(isLeaf ? unescapeText(closed.text) : closed.children);
  parent.children[name] = siblings;
}

function* tokens(document: string): Generator<Record<string, string | undefined>> {
  const text = document.replace(/^\uFEFF/, '').trim();
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw malformed();
    at = TOKEN.lastIndex;
    yield match.groups ?? {};
  }
}

function unescapeText(text: string): string {
  return text.replaceAll(/&(#x[\da-f]+|#\d+|\w+);/gi, (_, entity: string) => {
    const known = ENTITIES[entity];
    if (known !== undefined) return known;
    const codePoint = Number(entity.toLowerCase().replace('#x', '0x').replace('#', ''));
    if (!(codePoint <= LAST_CODE_POINT)) throw malformed();
    return String.fromCodePoint(codePoint);
  });
}

function malformed(): ServiceFault {
  return new ServiceFault(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
