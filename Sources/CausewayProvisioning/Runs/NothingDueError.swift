/// Why a run does not start: what it was for has been done, by another node or a moment ago.
struct NothingDueError: Error {}
