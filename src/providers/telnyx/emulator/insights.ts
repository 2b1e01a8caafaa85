import { type Json, type JsonObject, isList } from "../../../model/json.ts";
import { createInsight, createInsightGroup, updateInsight, updateInsightGroup } from "./check/others.ts";
import { notFound } from "./errors.ts";
import { pageBody, pageOf } from "./pages.ts";
import type { Plain } from "./records.ts";
import { bodyOf, type Call, EMPTY, type Handler, ok, param, timestamp, type World } from "./world.ts";

/** Sizes of 100 are already too large here. */
const BOUNDS = { max: 99 };

function groupOf(call: Call): Plain {
  const id = param(call, "group_id");
  const group = call.world.store.insightGroups.get(id);
  if (group === undefined) throw notFound("Insight group", id);
  return group;
}

function insightOf(call: Call): Plain {
  const id = param(call, "insight_id");
  const insight = call.world.store.insights.get(id);
  if (insight === undefined) throw notFound("Insight", id);
  return insight;
}

/** A group holds the ids of its insights and shows them whole. */
function groupView(world: World, group: Plain): JsonObject {
  const { insight_ids: ids, ...shown } = group;
  return { ...shown, insights: members(ids).flatMap((id) => world.store.insights.get(String(id)) ?? []) };
}

const members = (ids: Json | undefined): readonly Json[] => (isList(ids) ? ids : []);

export const listGroups: Handler = (call) => {
  const page = pageOf(call, call.world.store.insightGroups.all(), BOUNDS);
  return ok(pageBody({ ...page, items: page.items.map((group) => groupView(call.world, group)) }));
};

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
  const ids = members(group["insight_ids"]);
  if (!ids.includes(id)) throw notFound("Insight", id);
  call.world.store.insightGroups.put(group.id, { ...group, insight_ids: ids.filter((one) => one !== id) });
  return EMPTY;
};

export const listInsights: Handler = (call) =>
  ok(pageBody(pageOf(call, call.world.store.insights.all(), BOUNDS)));

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
  for (const group of world.store.insightGroups.all()) {
    const ids = members(group["insight_ids"]);
    if (ids.includes(id))
      world.store.insightGroups.put(group.id, { ...group, insight_ids: ids.filter((one) => one !== id) });
  }
  world.store.insights.drop(id);
  return EMPTY;
};
