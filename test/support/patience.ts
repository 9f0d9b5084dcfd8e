/** Chaos takes its time; what must happen is asserted, how fast is not. */
jest.setTimeout(900_000);
