// CSV as the server gives it back: records apart, fields apart, and bytes cut between records.

/** Cuts bytes into pieces of about so many, each ending where a record does; quotes may hold line ends. */
export function cutPoint(bytes: Uint8Array, isLast: boolean): number {
  if (isLast) return bytes.length;
  let quoted = false;
  let end = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x22) quoted = !quoted;
    else if (byte === 0x0a && !quoted) end = at + 1;
  }
  return end;
}

/** The separator of a header. */
export function separatorOf(header: string): string {
  const counts = [",", ";", "\t", "|"].map((mark) => [header.split(mark).length, mark] as const);
  return counts.reduce((best, next) => (next[0] > best[0] ? next : best))[1];
}

/** Records of a text, as fields. */
export function parse(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter === '"' && text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else if (letter === '"') quoted = false;
      else field += letter;
    } else if (letter === '"') quoted = true;
    else if (letter === separator) {
      row.push(field);
      field = "";
    } else if (letter === "\n") {
      if (field.endsWith("\r")) field = field.slice(0, -1);
      row.push(field);
      rows.push(row);
      row = [];
      field = "";
    } else field += letter;
  }
  if (field !== "" || row.length > 0) {
    row.push(field);
    rows.push(row);
  }
  return rows;
}

/** A record as text. */
export function write(fields: string[], separator: string): string {
  const quoted = fields.map((field) => (field.includes('"') || field.includes(separator) || /[\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field));
  return `${quoted.join(separator)}\r\n`;
}
