export function Series() { return <p />; }
