// A client of spinecode.v1 from the published proto files alone: calls, cases and errors.

import path from "node:path";
import { fileURLToPath } from "node:url";

import grpc from "@grpc/grpc-js";
import protoLoader from "@grpc/proto-loader";

const PROTO = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../proto");
const FILES = [
  "spinecode/v1/coding_service.proto",
  "spinecode/v1/drawing_service.proto",
  "spinecode/v1/edit_service.proto",
  "spinecode/v1/explain_service.proto",
  "spinecode/v1/info_service.proto",
  "spinecode/v1/lookup_service.proto",
  "spinecode/v1/error_reason.proto",
];
const OPTIONS = { includeDirs: [PROTO], keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };

const definitions = protoLoader.loadSync(FILES, OPTIONS);
const { spinecode } = grpc.loadPackageDefinition(definitions);

const SITE_TYPES = ["joint", "interspace", "foramen", "vertebra", "nerve", "region", "structure"];
const SIDES = { left: "SIDE_LEFT", right: "SIDE_RIGHT", bilateral: "SIDE_BILATERAL", midline: "SIDE_MIDLINE" };
const CASE_TEXTS = ["case_id", "place_of_service", "setting", "payer", "state"];
const PROCEDURE_TEXTS = ["id", "performed_by", "encounter"];
const PROCEDURE_LISTS = ["levels", "nerves", "distinct_from"];

/** Clients of the services at an address such as `127.0.0.1:50051`. */
export function connect(address) {
  const target = address.replace(/^http:\/\//, "");
  const credentials = grpc.credentials.createInsecure();
  return {
    coding: new spinecode.v1.CodingService(target, credentials),
    drawing: new spinecode.v1.DrawingService(target, credentials),
    edit: new spinecode.v1.EditService(target, credentials),
    explain: new spinecode.v1.ExplainService(target, credentials),
    info: new spinecode.v1.InfoService(target, credentials),
    lookup: new spinecode.v1.LookupService(target, credentials),
  };
}

/** One unary call: `{ response }` or `{ violations, code, message }`. */
export function call(client, method, request) {
  return new Promise((resolve) => {
    const deadline = new Date(Date.now() + 30_000);
    client[method](request, { deadline }, (error, response) => {
      resolve(error ? readError(error) : { response });
    });
  });
}

/** Sends requests over one stream; the responses in the order they come. */
export function stream(client, requests, method = "CodeCaseStream") {
  return new Promise((resolve, reject) => {
    const call = client[method]();
    const responses = [];
    call.on("data", (response) => responses.push(response));
    call.on("error", reject);
    call.on("end", () => resolve(responses));
    for (const request of requests) call.write(request);
    call.end();
  });
}

function decode(type, bytes) {
  return definitions[type].deserialize(bytes);
}

function readError(error) {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const details = bytes ? decode("google.rpc.Status", bytes).details : [];
  return { ...readDetails(details), code: error.code, message: error.details };
}

/** The violations of a status in the body of a bulk call or stream. */
export function readStatus(status) {
  return { ...readDetails(status.details), code: status.code, message: status.message };
}

function readDetails(details) {
  const found = details.find((any) => any.type_url === "type.googleapis.com/spinecode.v1.Violations");
  return { violations: found ? decode("spinecode.v1.Violations", found.value).violations : [] };
}

/** A date as the wire has it; `null` for text that is no `YYYY-MM-DD`. Whether it is a day, the server judges. */
export function wireDate(text) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!parts || Number(parts[1]) === 0) return null;
  return { year: Number(parts[1]), month: Number(parts[2]), day: Number(parts[3]) };
}

/** A case written as JSON as the wire has it. Faults of shape travel beside it, to be told with the rest. */
export function wireCase(json) {
  const wire = { procedures: [], misread: [] };
  for (const [key, value] of Object.entries(json)) {
    if (value === null) continue;
    if (key === "date_of_service") {
      const date = wireDate(value);
      if (date) wire.service_date = date;
      else wire.service_date_text = text(value, key, wire.misread);
    } else if (CASE_TEXTS.includes(key)) wire[key] = text(value, key, wire.misread);
    else if (key === "diagnoses") wire.diagnoses = value;
    else if (key === "procedures") {
      wire.procedures = value.map((one, at) => wireProcedure(one, `procedures[${at}]`, wire.misread));
    } else misread(wire.misread, key, "unknown_key", "a key of a case");
  }
  return wire;
}

const CLAIM_TEXTS = [
  "claim_id", "person_id", "payer", "plan", "state", "claim_type", "bill_type_code", "place_of_service", "rendering_npi",
  "billing_npi", "group_id", "specialty", "frequency_code", "patient_age",
];
const LINE_TEXTS = ["line_number", "code", "units", "place_of_service", "charge", "status"];

/** A claim written as JSON, of the right shape, as the wire has it. */
export function wireClaim(json) {
  const wire = { lines: (json.lines ?? []).map(wireLine), diagnoses: json.diagnoses ?? [] };
  for (const key of CLAIM_TEXTS) if (json[key] !== undefined) wire[key] = String(json[key]);
  if (json.received_date !== undefined) {
    const date = wireDate(json.received_date);
    if (date) wire.received_date = date;
    else wire.received_date_text = json.received_date;
  }
  // No history is not an empty one.
  if (json.history !== undefined) wire.history = { lines: json.history.map(wireLine) };
  if (json.case !== undefined) wire.case = wireCase(json.case);
  return wire;
}

function wireLine(json) {
  const wire = { modifiers: json.modifiers ?? [], diagnosis_pointers: (json.diagnosis_pointers ?? []).map(String) };
  for (const key of LINE_TEXTS) if (json[key] !== undefined) wire[key] = String(json[key]);
  const date = wireDate(json.date_of_service ?? "");
  if (date) wire.service_date = date;
  else wire.service_date_text = json.date_of_service ?? "";
  return wire;
}

function wireProcedure(json, at, faults) {
  const wire = { facts: {} };
  for (const [key, value] of Object.entries(json)) {
    if (value === null) continue;
    const where = `${at}.${key}`;
    if (key === "kind" || PROCEDURE_TEXTS.includes(key)) wire[key] = text(value, where, faults);
    else if (PROCEDURE_LISTS.includes(key)) wire[key] = value;
    else if (key === "side") Object.assign(wire, wireSide(value, where, faults));
    else if (key === "sites") {
      wire.sites = value.map((one, index) => wireSite(one, `${where}[${index}]`, faults)).filter(Boolean);
    } else {
      const fact = wireFact(value);
      if (fact) wire.facts[key] = fact;
      else misread(faults, where, "wrong_type", "a word, true or false, a whole number, or a list of words");
    }
  }
  return wire;
}

function wireSite(json, at, faults) {
  const wire = {};
  for (const [key, value] of Object.entries(json)) {
    const where = `${at}.${key}`;
    if (key === "side") Object.assign(wire, wireSide(value, where, faults));
    else if (!SITE_TYPES.includes(key)) misread(faults, where, "unknown_key", `${SITE_TYPES.join(", ")}, side`);
    else if (wire.place_type) misread(faults, where, "unknown_key", "exactly one place in a site");
    else {
      wire.place_type = key;
      wire.place = text(value, where, faults) ?? "";
    }
  }
  if (wire.place_type) return wire;
  misread(faults, at, "missing_field", `one of ${SITE_TYPES.join(", ")}`);
  return null;
}

function wireSide(value, at, faults) {
  const side = text(value, at, faults);
  if (side === undefined) return {};
  return SIDES[side] ? { side: SIDES[side] } : { side_text: side };
}

function wireFact(value) {
  if (typeof value === "string") return { word: value };
  if (typeof value === "boolean") return { flag: value };
  if (Number.isSafeInteger(value)) return { number: value };
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return { words: { words: value } };
  return null;
}

function text(value, at, faults) {
  if (typeof value === "string") return value;
  misread(faults, at, "wrong_type", "a string");
  return undefined;
}

function misread(faults, path, reason, expected) {
  faults.push({ path, reason, expected });
}
