// Asks a server the questions of tests/claims over gRPC, and compares its reports with those of the engine as bytes.
//
//   node claims.mjs ADDRESS FILE
//
// FILE holds a question a line: `claims` as JSON, the options, and `answers`, the canonical JSON of each report or the error in
// its place (the Rust tests write it). Each is asked by itself, and all once more over one stream. Prints what differs, and
// `N passed, N failed`; exits 1 when any failed.

import fs from "node:fs";

import { call, connect, readStatus, stream, wireClaim, wireDate } from "./wire.mjs";

function requestOf(question) {
  const options = { alone: question.alone, repair: question.repair, nearest_quarter: question.nearest_quarter };
  if (question.payer !== null) options.payer = question.payer;
  if (question.as_of !== null) {
    const date = wireDate(question.as_of);
    if (date) options.as_of_date = date;
    else options.as_of_text = question.as_of;
  }
  return { claims: question.claims.map(wireClaim), options, include_canonical_json: true };
}

const named = (violations) => violations.map((one) => `${one.path} ${one.reason}`).sort();

/** A report as its bytes, an error as its violations. */
function told(result) {
  if (result.report) return result.canonical_json;
  return JSON.stringify(named(readStatus(result.error).violations));
}

function expected(answer) {
  const read = JSON.parse(answer);
  return read.error ? JSON.stringify(named(read.error.violations)) : answer;
}

async function main() {
  const [address, file] = process.argv.slice(2);
  if (!address || !file) {
    console.error("usage: node claims.mjs ADDRESS FILE");
    process.exit(2);
  }
  const { edit } = connect(address);
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  const questions = lines.map((line) => JSON.parse(line));
  let [passed, failed] = [0, 0];
  const judge = (what, question, results) => {
    const wanted = question.answers.map(expected);
    const got = results.map(told);
    if (JSON.stringify(got) === JSON.stringify(wanted)) passed += 1;
    else {
      failed += 1;
      console.log(`FAILED ${what}\n  wanted ${wanted.join("\n  ")}\n  got ${got.join("\n  ")}`);
    }
  };
  for (const [at, question] of questions.entries()) {
    const { response, message } = await call(edit, "EditClaims", requestOf(question));
    if (response) judge(`question ${at}`, question, response.results);
    else {
      failed += 1;
      console.log(`FAILED question ${at}: ${message}`);
    }
  }
  const requests = questions.map((question, at) => ({ ...requestOf(question), request_id: String(at) }));
  const responses = await stream(edit, requests, "EditClaimsStream");
  for (const [at, question] of questions.entries()) {
    const response = responses[at];
    const inOrder = response?.request_id === String(at);
    judge(`question ${at} of the stream`, question, inOrder ? response.results : []);
  }
  console.log(`${passed} passed, ${failed} failed`);
  edit.close();
  process.exitCode = failed || !questions.length ? 1 : 0;
}

await main();
