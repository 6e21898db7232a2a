// Reads feeds with two packages that many readers are made of, and prints what they saw as JSON.
// Arguments: paths of files; answer: {path: {"rss-parser": …, "feedsmith": …}}.
import { readFileSync } from "node:fs";
import Parser from "rss-parser";
import { parseFeed, parseOpml } from "feedsmith";

const parser = new Parser({ timeout: 1 });
const answers = {};
for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, "utf8");
  const answer = {};
  if (path.endsWith(".opml")) {
    answer.feedsmith = parseOpml(text);
  } else {
    answer.feedsmith = parseFeed(text);
    if (path.endsWith(".xml")) answer["rss-parser"] = await parser.parseString(text);
  }
  answers[path] = answer;
}
process.stdout.write(JSON.stringify(answers));
