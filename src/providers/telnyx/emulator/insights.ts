import { itemsOf, type Json, type JsonObject } from "../../../model/json.ts";
import { createInsight, createInsightGroup, updateInsight, updateInsightGroup } from "./check/others.ts";
import { notFound } from "./errors.ts";
import { paged } from "./pages.ts";
import type { Plain } from "./records.ts";
import { recordIn } from "./store.ts";
import { bodyOf, type Call, EMPTY, type Handler, ok, param, timestamp, type World } from "./world.ts";

/** A page size of 100 is too large here. */
const BOUNDS = { max: 99 };

const groupOf = (call: Call) =>
  recordIn(call.world.store.insightGroups, "Insight group", param(call, "group_id"));

const insightOf = (call: Call) => recordIn(call.world.store.insights, "Insight", param(call, "insight_id"));

/** A group stores the ids of its insights; answers contain the insights. */
function groupView(world: World, group: Plain): JsonObject {
  const { insight_ids: ids, ...shown } = group;
  return { ...shown, insights: members(ids).flatMap((id) => world.store.insights.get(String(id)) ?? []) };
}

const members = (ids: Json | undefined): readonly Json[] => itemsOf(ids);

function without(group: Plain, id: string): Plain {
  return { ...group, insight_ids: members(group["insight_ids"]).filter((one) => one !== id) };
}

export const listGroups: Handler = (call) =>
  paged(call, call.world.store.insightGroups.all(), (group) => groupView(call.world, group), BOUNDS);

export const getGroup: Handler = (call) => ok({ data: groupView(call.world, groupOf(call)) });

export const postGroup: Handler = (call) => {
  const { world } = call;
  const body = bodyOf(call, createInsightGroup);
  const group: Plain = { id: world.chance.uuid(), ...body, created_at: timestamp(world), insight_ids: [] };
  world.store.insightGroups.put(group.id, group);
  return ok({ data: groupView(world, group) });
};

export const putGroup: Handler = (call) => {
  const group = groupOf(call);
  const changed: Plain = { ...group, ...bodyOf(call, updateInsightGroup) };
  call.world.store.insightGroups.put(group.id, changed);
  return ok({ data: groupView(call.world, changed) });
};

export const deleteGroup: Handler = (call) => {
  call.world.store.insightGroups.drop(groupOf(call).id);
  return EMPTY;
};

export const assignInsight: Handler = (call) => {
  const group = groupOf(call);
  const insight = insightOf(call);
  const ids = members(group["insight_ids"]);
  if (!ids.includes(insight.id))
    call.world.store.insightGroups.put(group.id, { ...group, insight_ids: [...ids, insight.id] });
  return EMPTY;
};

export const unassignInsight: Handler = (call) => {
  const group = groupOf(call);
  const id = param(call, "insight_id");
  if (!members(group["insight_ids"]).includes(id)) throw notFound("Insight", id);
  call.world.store.insightGroups.put(group.id, without(group, id));
  return EMPTY;
};

export const listInsights: Handler = (call) =>
  paged(call, call.world.store.insights.all(), (insight) => insight, BOUNDS);

export const getInsight: Handler = (call) => ok({ data: insightOf(call) });

export const postInsight: Handler = (call) => {
  const { world } = call;
  const insight: Plain = {
    id: world.chance.uuid(),
    ...bodyOf(call, createInsight),
    insight_type: "custom",
    created_at: timestamp(world),
  };
  world.store.insights.put(insight.id, insight);
  return ok({ data: insight });
};

export const putInsight: Handler = (call) => {
  const insight = insightOf(call);
  const changed: Plain = { ...insight, ...bodyOf(call, updateInsight) };
  call.world.store.insights.put(insight.id, changed);
  return ok({ data: changed });
};

export const deleteInsight: Handler = (call) => {
  const { world } = call;
  const { id } = insightOf(call);
  for (const group of world.store.insightGroups.all())
    if (members(group["insight_ids"]).includes(id)) world.store.insightGroups.put(group.id, without(group, id));
  world.store.insights.drop(id);
  return EMPTY;
};
