/** Chaos tests are slow. They assert outcomes, not speed. */
jest.setTimeout(900_000);
