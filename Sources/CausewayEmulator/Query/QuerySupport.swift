/// What Graph requires to answer a part of a query.
enum QuerySupport: Sendable {
    case byDefault
    /// Only as an advanced query: `ConsistencyLevel: eventual` and `$count=true`.
    case advanced
    /// Graph's pages contradict each other; the tenant's settings decide.
    case disputed
}
