/** Where the API is, unless the project or the operator says something else. */
export const API_URL = "https://api.telnyx.com/v2";
