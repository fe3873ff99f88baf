export function Files() { return <p />; }
