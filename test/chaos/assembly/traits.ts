/** No template uses traits. */
export default {};
