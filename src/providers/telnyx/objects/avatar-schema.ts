import { known, object, text } from "./schema-builders.ts";

/** The page about avatars names the model and the provider; which other fields there are it only describes. */
export const avatarSettings = object(
  "The face that it has in conversations that ask for one (beta); keys beyond these are passed on as they are.",
  {
    model: known("The model that draws the avatar.", ["studio"]),
    provider: text("Who provides the avatar; the voice is that of `voice_settings`."),
  },
  { required: ["model"], open: true },
);
