import type { Command } from "commander";
import type { ChatOptions } from "../commands/chat.ts";
import type { EnhanceOptions } from "../commands/enhance.ts";
import type { SmsOptions } from "../commands/sms.ts";
import type { TagChangeOptions, TagsOptions } from "../commands/tags.ts";
import type { ToolTestOptions } from "../commands/tool-test.ts";
import { formatsOf } from "../formats/format.ts";
import { formatOption, reportOption } from "../reports.ts";
import type { Context } from "./context.ts";
import { environmentCommand, PROJECT, repeatable, textOrJson, valueByName, YES } from "./options.ts";

/** A command about one live object. It works in a project, and with an id or a unique name in any folder. */
export function objectCommand(program: Command, name: string, description: string): Command {
  return environmentCommand(program, name, description)
    .argument("<assistant>", "address, id or unique name of the assistant")
    .option(...PROJECT);
}

export function chatCommand({ program, io, formats, ended }: Context): void {
  const known = formatsOf(formats, "chat");
  objectCommand(program, "chat", "chat with an assistant, in the terminal or with the messages given")
    .addOption(
      repeatable("-m, --message <text>", "send this message, and print the answer; - reads standard input"),
    )
    .option("--conversation <id>", "continue this conversation; default: a new one")
    .option("--script <file>", "hold the conversation of this file, and check the answers")
    .option("--stream", "print the answer while it arrives; default: on a terminal")
    .addOption(formatOption(known))
    .addOption(reportOption(known))
    .action(async (assistant: string, options: ChatOptions) =>
      ended(await (await import("../commands/chat.ts")).chatCommand(io, assistant, options)),
    );
}

export function smsCommand({ program, io, ended }: Context): void {
  objectCommand(program, "sms", "send an SMS from an assistant to a real phone, after asking")
    .requiredOption("--from <number>", "phone number of the assistant, in E.164 form")
    .requiredOption("--to <number>", "phone number of the person, in E.164 form")
    .option("--text <text>", "text of the message; default: the greeting, or a text that the assistant writes")
    .option("--new-conversation", "start a new conversation, even if the two numbers have one")
    .addOption(valueByName("--metadata <name=value>", "metadata of the conversation; repeatable"))
    .addOption(textOrJson())
    .option(...YES)
    .action(async (assistant: string, options: SmsOptions) =>
      ended(await (await import("../commands/sms.ts")).smsCommand(io, assistant, options)),
    );
}

export function toolCommand({ program, io, ended }: Context): void {
  const group = program.command("tool").description("try a tool of an assistant");
  environmentCommand(group, "test", "have Telnyx call the webhook of a tool, and show the response")
    .argument("<tool>", "address, id or unique name of the tool")
    .requiredOption("--on <assistant>", "address, id or unique name of the assistant that has the tool")
    .option(
      "--args <value...>",
      "arguments of the tool: @file with an object in JSON or YAML, key=text, or key:=JSON",
    )
    .addOption(valueByName("--variable <name=value>", "dynamic variable; repeatable"))
    .option(...PROJECT)
    .addOption(textOrJson())
    .option(...YES)
    .action(async (tool: string, options: ToolTestOptions) =>
      ended(await (await import("../commands/tool-test.ts")).toolTestCommand(io, tool, options)),
    );
}

export function enhanceCommand({ program, io, ended }: Context): void {
  objectCommand(program, "enhance", "have Telnyx suggest better instructions, and write them into the manifest")
    .option("--prompt <text>", "what to change; default: what Telnyx finds")
    .addOption(textOrJson())
    .option(...YES)
    .action(async (assistant: string, options: EnhanceOptions) =>
      ended(await (await import("../commands/enhance.ts")).enhanceCommand(io, assistant, options)),
    );
}

export function tagsCommands({ program, io, ended }: Context): void {
  const load = () => import("../commands/tags.ts");
  const group = program
    .command("tags")
    .description("list the tags in use, add tags to manifests, and remove them");
  environmentCommand(group, "list", "list the tags in use, and which of them no manifest declares")
    .option(...PROJECT)
    .addOption(textOrJson())
    .action(async (options: TagsOptions) => ended(await (await load()).tagsListCommand(io, options)));
  const changes = [
    ["add", "add tags to the manifest of an assistant", "tags to add"],
    ["remove", "remove tags from the manifest of an assistant", "tags to remove"],
  ] as const;
  for (const [action, description, meant] of changes) {
    objectCommand(group, action, description)
      .argument("<tag...>", meant)
      .option("--live", "change the live assistant instead of its manifest")
      .addOption(textOrJson())
      .action(async (object: string, tags: readonly string[], options: TagChangeOptions) =>
        ended(await (await load()).tagsChangeCommand(io, object, { action, tags }, options)),
      );
  }
}
