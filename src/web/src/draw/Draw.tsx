export function Draw() { return <p />; }
