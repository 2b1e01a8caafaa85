import { Option, type Command } from "commander";
import { EVENT_CHANNELS, EVENT_STATUSES, SIP_REGIONS } from "../../model/scheduled-event.ts";
import type {
  EventCreateOptions,
  EventDeleteOptions,
  EventListOptions,
  EventOptions,
} from "../commands/events.ts";
import type { Context } from "./context.ts";
import { objectCommand } from "./operate.ts";
import { duration, textOrJson, valueByName, wholeNumber, YES } from "./options.ts";

const commands = () => import("../commands/events.ts");

export function eventCommands({ program, io, ended }: Context): void {
  const events = program
    .command("events")
    .description("list, schedule and cancel phone calls and SMS of an assistant");
  eventCommand(events, "list", "list the scheduled events of an assistant")
    .addOption(channel("only events on this channel"))
    .addOption(new Option("--status <status>", "only events with this status").choices(EVENT_STATUSES))
    .option("--from-date <time>", "only events at this time or later: 2026-12-01, or as --at of create")
    .option("--to-date <time>", "only events at this time or earlier")
    .action(async (assistant: string, options: EventListOptions) =>
      ended(await (await commands()).eventsList(io, assistant, options)),
    );
  eventCommand(events, "get", "show one scheduled event")
    .argument("<event>", "id of the event")
    .action(async (assistant: string, id: string, options: EventOptions) =>
      ended(await (await commands()).eventsGet(io, { assistant, id }, options)),
    );
  createCommand(events).action(async (assistant: string, options: EventCreateOptions) =>
    ended(await (await commands()).eventsCreate(io, assistant, options)),
  );
  eventCommand(events, "delete", "cancel a pending event, or remove the record of another, after asking")
    .argument("<event>", "id of the event")
    .option(...YES)
    .action(async (assistant: string, id: string, options: EventDeleteOptions) =>
      ended(await (await commands()).eventsDelete(io, { assistant, id }, options)),
    );
}

function createCommand(events: Command): Command {
  return eventCommand(events, "create", "schedule a phone call or an SMS to a real person, after asking")
    .addOption(channel("channel of the event").makeOptionMandatory())
    .requiredOption(
      "--at <time>",
      "time of the event: 2026-12-01T09:30 in the time zone, or 2026-12-01T08:30:00Z",
    )
    .requiredOption("--from <number>", "phone number of the assistant, in E.164 form; for a call also SIP")
    .requiredOption("--to <number>", "phone number of the person, in E.164 form; for a call also SIP")
    .option("--text <text>", "text of the SMS")
    .addOption(valueByName("--variable <name=value>", "dynamic variable; repeatable"))
    .addOption(valueByName("--metadata <name=value>", "metadata of the conversation; repeatable"))
    .addOption(new Option("--sip-region <region>", "region that a call starts in").choices(SIP_REGIONS))
    .option("--retries <n>", "how often an unanswered call is repeated, up to 10", wholeNumber)
    .option("--retry-interval <duration>", "time between the calls: 60s, 10m, 2h", duration)
    .option(...YES);
}

function eventCommand(events: Command, name: string, description: string): Command {
  return objectCommand(events, name, description)
    .option("--time-zone <zone>", "zone of times, such as Europe/Berlin; default: the zone of this machine")
    .addOption(textOrJson());
}

function channel(description: string): Option {
  return new Option("--channel <channel>", description).choices(EVENT_CHANNELS);
}
