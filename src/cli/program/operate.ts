import type { Command } from "commander";
import type { SmsOptions } from "../commands/sms.ts";
import type { Context } from "./context.ts";
import { environmentCommand, PROJECT, textOrJson, valueByName, YES } from "./options.ts";

/** A command about one live object. It works in a project, and with an id or a unique name in any folder. */
function objectCommand(program: Command, name: string, description: string): Command {
  return environmentCommand(program, name, description)
    .argument("<assistant>", "an address of the project, an id, or a unique name")
    .option(...PROJECT);
}

export function smsCommand({ program, io, ended }: Context): void {
  objectCommand(program, "sms", "send an SMS from an assistant to a real phone, after asking")
    .requiredOption("--from <number>", "phone number of the assistant, in E.164 form")
    .requiredOption("--to <number>", "phone number of the person, in E.164 form")
    .option("--text <text>", "default: the greeting, or a text that the assistant writes")
    .option("--new-conversation", "start a conversation, also where the two numbers have one")
    .addOption(valueByName("--metadata <name=value>", "metadata of the conversation; repeatable"))
    .addOption(textOrJson())
    .option(...YES)
    .action(async (assistant: string, options: SmsOptions) =>
      ended(await (await import("../commands/sms.ts")).smsCommand(io, assistant, options)),
    );
}
