import { expect, it } from "vitest";
import { meaningOf } from "./answer-events.ts";

const chat = (delta: object, rest: object = {}): string =>
  JSON.stringify({
    id: "c",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta }],
    ...rest,
  });

it.each([
  ["a chat completion's delta", chat({ content: "Hel" }), "Hel"],
  ["its first, which has the role as well", chat({ role: "assistant", content: "Hel" }), "Hel"],
  ["a thought", chat({ reasoning_content: "Hm" }), "Hm"],
  ["arguments for a tool", chat({ tool_calls: [{ function: { arguments: "{" } }] }), "{"],
  ["a completion", JSON.stringify({ choices: [{ text: "Hel" }] }), "Hel"],
  ["a response's delta", '{"type":"response.output_text.delta","delta":"Hel"}', "Hel"],
  [
    "Anthropic's",
    '{"type":"content_block_delta","delta":{"type":"text_delta","text":"Hel"}}',
    "Hel",
  ],
  ["Ollama's chat", '{"message":{"role":"assistant","content":"Hel"},"done":false}', "Hel"],
  ["Ollama's generate", '{"response":"Hel","done":false}', "Hel"],
  ["llama.cpp's", '{"content":"Hel","stop":false}', "Hel"],
  ["TGI's", '{"token":{"id":3,"text":"Hel"}}', "Hel"],
  ["Gemini's", '{"candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}', "Hel"],
  ["text that is no JSON", "Hel lo", "Hel lo"],
  ["a string of JSON", '"Hel"', "Hel"],
])("%s is a token", (_what, data, text) => {
  expect(meaningOf(data)).toMatchObject({ text, ends: false, error: null });
});

it.each([
  ["role", chat({ role: "assistant", content: "" }), "role"],
  ["last delta", JSON.stringify({ choices: [{ delta: {}, finish_reason: "stop" }] }), "finish"],
  ["usage", JSON.stringify({ choices: [], usage: { total_tokens: 9 } }), "usage"],
  ["Anthropic's ping", '{"type":"ping"}', "ping"],
  ["Anthropic's start", '{"type":"message_start","message":{"usage":{"input_tokens":9}}}', "role"],
  ["Anthropic's costs", '{"type":"message_delta","delta":{"stop_reason":"end_turn"}}', "usage"],
  ["Anthropic's block", '{"type":"content_block_stop","index":0}', "other"],
  [
    "a response's whole text",
    '{"type":"response.output_text.done","text":"Hello","delta":"x"}',
    "other",
  ],
  ["an unknown object", '{"progress":0.5}', "other"],
  ["a number", "7", "other"],
])("a %s is none", (_what, data, aside) => {
  expect(meaningOf(data)).toEqual({ text: "", aside, ends: false, error: null });
});

it.each([
  ["[DONE]", ""],
  ['{"type":"message_stop"}', ""],
  ['{"type":"response.completed","response":{}}', ""],
  ['{"response":"","done":true}', ""],
  ['{"response":"lo","done":true}', "lo"],
  ['{"content":"","stop":true}', ""],
])("%s ends an answer", (data, text) => {
  expect(meaningOf(data)).toMatchObject({ text, ends: true, aside: "finish" });
});

it.each([
  ['{"error":{"message":"overloaded","code":529}}', "", "overloaded"],
  ['{"error":"model not found"}', "", "model not found"],
  ['{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', "", "Overloaded"],
  ['{"type":"response.failed","response":{"error":{"message":"no"}}}', "", "no"],
  ["out of memory", "error", "out of memory"],
  ['{"code":1}', "error", '{"code":1}'],
])("%s tells of an error", (data, name, error) => {
  expect(meaningOf(data, name)).toMatchObject({ error });
});

it("takes an error that is null for none", () => {
  expect(meaningOf('{"error":null,"response":"Hel"}')).toMatchObject({ text: "Hel", error: null });
});
