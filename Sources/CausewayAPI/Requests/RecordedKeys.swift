import CausewayJSON
import CausewayModel

extension Set<UserID> {
    /// The keys as changes have them, in their order.
    var keys: [JSONValue] { map(\.rawValue).sorted().map { .integer($0) } }
}

extension Set<GroupID> {
    /// The keys as changes have them, in their order.
    var keys: [JSONValue] { map(\.text).sorted().map { .string($0) } }
}

extension Set<AccessRole> {
    /// The roles as changes have them, the lowest first.
    var keys: [JSONValue] { sorted().map { .string($0.rawValue) } }
}
