// The least of a workbook: one sheet of texts, written and read without a library.
import { crc32, inflateRawSync } from "./zip.mjs";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";

/** An .xlsx with these rows of texts. */
export function write(rows) {
  return zip({
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets><sheet name="名册" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    "xl/worksheets/sheet1.xml": `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${rows.map(row).join("")}</sheetData></worksheet>`,
  });
}

/** The cells of the first sheet of an .xlsx as texts, row by row. */
export function read(bytes) {
  const files = unzip(bytes);
  const shared = [...(files["xl/sharedStrings.xml"] ?? "").matchAll(/<si>(.*?)<\/si>/gs)].map((one) => text(one[1]));
  const rows = [...files["xl/worksheets/sheet1.xml"].matchAll(/<row[^>]*>(.*?)<\/row>/gs)];
  return rows.map(([, cells]) =>
    [...cells.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes, inside]) => {
      const value = /<v>(.*?)<\/v>/s.exec(inside ?? "")?.[1];
      return attributes.includes('t="s"') ? shared[Number(value)] : (value ?? text(inside ?? ""));
    }),
  );
}

function row(cells, at) {
  const inside = cells.map((cell) => `<c t="inlineStr"><is><t>${escape(String(cell))}</t></is></c>`);
  return `<row r="${at + 1}">${inside.join("")}</row>`;
}

function text(xml) {
  return [...xml.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map((one) => one[1]).join("");
}

function escape(value) {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function zip(files) {
  const bodies = [];
  const entries = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const where = Buffer.alloc(14);
    where.writeUInt32LE(at, 10);
    entries.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, where, Buffer.from(name));
    const body = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name), data]);
    bodies.push(body);
    at += body.length;
  }
  const list = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(bodies.length, 8);
  end.writeUInt16LE(bodies.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, list, end]);
}

function unzip(bytes) {
  const files = {};
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, name, extra, comment] = [20, 28, 30, 32].map((o, i) => (i ? bytes.readUInt16LE(at + o) : bytes.readUInt32LE(at + o)));
    const head = bytes.readUInt32LE(at + 42);
    const from = head + 30 + bytes.readUInt16LE(head + 26) + bytes.readUInt16LE(head + 28);
    const data = bytes.subarray(from, from + size);
    const packed = bytes.readUInt16LE(at + 10) !== 0;
    files[bytes.toString("utf8", at + 46, at + 46 + name)] = (packed ? inflateRawSync(data) : data).toString("utf8");
    at += 46 + name + extra + comment;
  }
  return files;
}
