// Runs the conformance cases against a server over gRPC.
//
//   node conformance.mjs ADDRESS FOLDER [--out FILE]
//
// Prints a line for each ask that fails, and `N passed, N failed` at the end; exits 1 when any failed. With --out it writes
// what was answered, one line a question, for a comparison with other clients as bytes: files in order of path; their cases
// and asks in order; for each ask the profile `cpt`, then the others that the ask names, sorted. A line is the answer's
// canonical JSON, or `{"error":["PATH REASON", ...]}` with the violations in the server's order.

import fs from "node:fs";
import path from "node:path";

import yaml from "js-yaml";

import { call, connect, readStatus, stream, wireCase, wireDate } from "./wire.mjs";

const ASK_KEYS = new Set([
  "on", "as_of", "change", "status", "reported", "billed", "withheld", "not_reported", "questions", "codings", "notices",
  "no_notices", "rules", "error",
]);
const SIDES = { SIDE_LEFT: "left", SIDE_RIGHT: "right", SIDE_BILATERAL: "bilateral", SIDE_MIDLINE: "midline" };

function files(folder) {
  const found = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile() && entry.name.endsWith(".yaml"))
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
  return paths.sort();
}

/** The case of an ask: the shared facts, its date, its changes. */
function caseOf(shared, ask) {
  const json = structuredClone(shared);
  json.date_of_service = ask.on;
  for (const [where, value] of Object.entries(ask.change ?? {})) {
    const steps = where.split(".");
    const last = steps.pop();
    let at = json;
    for (const step of steps) at = at[step];
    if (value === null) delete at[last];
    else at[last] = value;
  }
  return json;
}

function requestOf(json, ask, payer) {
  const options = { payer };
  if (ask.as_of !== undefined) {
    const date = wireDate(ask.as_of);
    if (date) options.as_of_date = date;
    else options.as_of_text = ask.as_of;
  }
  return { case: wireCase(json), options, include_canonical_json: true };
}

/** A code or line of an expectation: YAML reads a bare code of digits as a number. */
function expected(one) {
  return (typeof one === "number" ? String(one).padStart(5, "0") : one).replace(/ x1$/, "");
}

/** A line of an answer in the same notation. */
function written(line) {
  let text = [line.code, ...line.modifiers].join("-");
  if (SIDES[line.side]) text += ` ${SIDES[line.side]}`;
  if (line.units !== 1) text += ` x${line.units}`;
  return text;
}

const texts = (list) => list.map(expected).sort();
const lines = (list) => list.map(written).sort();
const violations = (told) => told.violations.map((one) => `${one.path} ${one.reason}`);

function same(faults, what, wanted, got) {
  const [a, b] = [JSON.stringify(wanted), JSON.stringify(got)];
  if (a !== b) faults.push(`${what}: wanted ${a}, got ${b}`);
}

function subset(faults, what, wanted, got) {
  for (const one of wanted ?? []) {
    if (!got.includes(one)) faults.push(`${what}: ${one} is missing from ${JSON.stringify(got)}`);
  }
}

function judgeCpt(ask, told, faults) {
  if (ask.error) {
    same(faults, "error", [...ask.error].sort(), told.response ? ["no error"] : violations(told).sort());
    return;
  }
  if (!told.response) {
    faults.push(`refused: ${told.message}`);
    return;
  }
  const coded = told.response.coded_case;
  same(faults, "status", ask.status ?? "coded", coded.status.replace("CODING_STATUS_", "").toLowerCase());
  if (ask.reported) same(faults, "reported", texts(ask.reported), lines(coded.reported));
  subset(faults, "not_reported", ask.not_reported?.map(expected), coded.not_reported.map((one) => one.code));
  subset(faults, "questions", ask.questions, coded.questions.map((one) => one.fact));
  if (ask.codings) {
    const inOrder = (codings) => codings.map((one) => JSON.stringify(one)).sort();
    const got = coded.codings.map((coding) => lines(coding.billed));
    same(faults, "codings", inOrder(ask.codings.map(texts)), inOrder(got));
  }
  const reasons = coded.notices.map((notice) => notice.reason);
  subset(faults, "notices", ask.notices, reasons);
  for (const reason of ask.no_notices ?? []) {
    if (reasons.includes(reason)) faults.push(`notice ${reason} should not be there`);
  }
  subset(faults, "rules", ask.rules, (coded.explanation?.rules ?? []).map((rule) => rule.split("/")[0]));
}

function judgeProfile(ask, profile, told, faults) {
  if (!told.response) {
    faults.push(`${profile}: ${told.message}`);
    return;
  }
  const coded = told.response.coded_case;
  const [billed, withheld] = [ask.billed?.[profile], ask.withheld?.[profile]];
  if (billed) same(faults, `billed ${profile}`, texts(billed), lines(coded.billed));
  if (withheld) {
    const codes = [...new Set(coded.withheld.map((one) => one.line.code))].sort();
    same(faults, `withheld ${profile}`, texts(withheld), codes);
  }
  if (ask.reported) same(faults, `reported ${profile}`, texts(ask.reported), lines(coded.reported));
}

const lineOf = (told) =>
  told.response ? told.response.canonical_json : JSON.stringify({ error: violations(told) });

async function judge(client, shared, ask, asked) {
  const faults = Object.keys(ask).filter((key) => !ASK_KEYS.has(key)).map((key) => `unknown key ${key}`);
  const json = caseOf(shared, ask);
  const ask_profile = async (profile) => {
    const request = requestOf(json, ask, profile);
    const told = await call(client, "CodeCase", request);
    asked.push({ request, line: lineOf(told) });
    return told;
  };
  const told = await ask_profile("cpt");
  judgeCpt(ask, told, faults);
  if (ask.error) return faults;
  const named = new Set([...Object.keys(ask.billed ?? {}), ...Object.keys(ask.withheld ?? {})]);
  if (named.delete("cpt")) judgeProfile(ask, "cpt", told, faults);
  for (const profile of [...named].sort()) judgeProfile(ask, profile, await ask_profile(profile), faults);
  return faults;
}

/** Cases in one bulk call. */
const BULK = 200;

/** The bulk call and the stream must give the lines of the unary calls, in order, with bad cases in place. */
async function judgeMany(client, asked) {
  const faults = [];
  const lineOfResult = (result) =>
    lineOf(result.coded_case ? { response: result } : readStatus(result.error));
  const compare = (what, results) => {
    if (results.length !== asked.length) faults.push(`${what}: ${results.length} results of ${asked.length}`);
    results.forEach((result, at) => {
      const line = lineOfResult(result);
      if (line !== asked[at].line) faults.push(`${what} ${at}: ${line} differs from ${asked[at].line}`);
    });
  };
  const requests = asked.map(({ request }, at) => ({ ...request, request_id: `ask-${at}` }));
  const responses = await stream(client, requests);
  responses.forEach((response, at) => same(faults, "request id", `ask-${at}`, response.request_id));
  compare("stream", responses.map((response) => response.result));

  // The options of a bulk call are those of all its cases: the first ask's, so only its equals are asked again.
  const options = JSON.stringify(asked[0]?.request.options);
  const equal = asked.filter(({ request }) => JSON.stringify(request.options) === options);
  // A client takes answers of a few megabytes; what is larger goes in several calls.
  for (let from = 0; from < equal.length; from += BULK) {
    const some = equal.slice(from, from + BULK);
    const bulk = await call(client, "CodeCases", {
      cases: some.map(({ request }) => request.case),
      options: some[0].request.options,
      include_canonical_json: true,
    });
    if (!bulk.response) return [...faults, `bulk: ${bulk.message}`];
    same(faults, "bulk", some.map(({ line }) => line), bulk.response.results.map(lineOfResult));
  }
  return faults;
}

/** The services that tell of a case or code: each answers the first question. */
async function judgeOthers({ explain, drawing, lookup }, asked) {
  const faults = [];
  const first = asked.find(({ line }) => JSON.parse(line).billed?.length);
  const { case: one, options } = first.request;
  const tell = async (what, client, method, request, sound) => {
    const { response, message } = await call(client, method, request);
    if (!response) faults.push(`${what}: ${message}`);
    else if (!sound(response)) faults.push(`${what}: ${JSON.stringify(response).slice(0, 200)}`);
  };
  // An explanation holds the answer that it explains, with the same lines.
  const billed = JSON.stringify(JSON.parse(first.line).billed);
  const explains = ({ canonical_json: json }) => JSON.stringify(JSON.parse(json).coded.billed) === billed;
  await tell("explain", explain, "ExplainCase", { case: one, options, include_canonical_json: true }, explains);
  await tell("draw", drawing, "DrawCase", { case: one, options }, ({ svg }) => svg.startsWith("<svg"));
  const code = JSON.parse(first.line).billed[0].code;
  const known = ({ lookup: told }) => told.code === code;
  await tell("look up", lookup, "LookUpCode", { code }, known);
  return faults;
}

async function main() {
  const [address, folder, flag, out] = process.argv.slice(2);
  if (!address || !folder || (flag && (flag !== "--out" || !out))) {
    console.error("usage: node conformance.mjs ADDRESS FOLDER [--out FILE]");
    process.exit(2);
  }
  const clients = connect(address);
  const { coding, info } = clients;
  const server = await call(info, "GetServerInfo", {});
  if (!server.response) {
    console.error(`no server at ${address}: ${server.message}`);
    process.exit(2);
  }
  console.log(`server: engine ${server.response.engine}, facts ${server.response.facts}`);

  let [passed, failed] = [0, 0];
  const tell = (name, faults) => {
    if (faults.length === 0) passed += 1;
    else {
      failed += 1;
      console.log(`FAILED ${name}\n  ${faults.slice(0, 20).join("\n  ")}`);
    }
  };
  const asked = [];
  for (const file of files(folder)) {
    // Dates stay text: the core schema has no timestamps.
    const read = yaml.load(fs.readFileSync(path.join(folder, file), "utf8"), { schema: yaml.CORE_SCHEMA });
    for (const one of read.cases) {
      for (const [at, ask] of one.asks.entries()) {
        tell(`${file}: ${one.name} [${at}] ${ask.on}`, await judge(coding, one.case, ask, asked));
      }
    }
  }
  tell("the stream and the bulk call give the same bytes", await judgeMany(coding, asked));
  tell("explanations, drawings and look-ups are answered", await judgeOthers(clients, asked));
  if (out) fs.writeFileSync(out, asked.map(({ line }) => `${line}\n`).join(""));
  console.log(`${passed} passed, ${failed} failed`);
  for (const client of Object.values(clients)) client.close();
  process.exitCode = failed ? 1 : 0;
}

await main();
