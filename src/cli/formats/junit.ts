export { testsJunit as tests } from "../../report/tests.ts";
