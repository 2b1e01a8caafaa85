/** A phone number in E.164: `+13125550199`. */
export const E164 = /^\+[1-9]\d{6,14}$/;
