import CausewayJSON
import Synchronization

// The functions that return the groups of an object, direct or transitive, and those that find objects by their ids.

extension GraphService {
    static let memberActions: Set<String> = [
        "checkMemberGroups", "getMemberGroups", "checkMemberObjects", "getMemberObjects",
    ]

    private static let checkedLimit = 20

    /// Graph, "checkMemberGroups", "getMemberGroups", "checkMemberObjects", "getMemberObjects". This tenant has no administrative units and
    /// no directory roles, so the objects are groups.
    func memberGroups(
        _ kind: EntryKind,
        _ address: GraphPath.Segment,
        _ action: String,
        _ call: GraphCall,
        _ base: String
    ) throws(GraphProblem) -> GraphReply {
        guard call.method == "POST" else { throw .methodNotAllowed }
        let asked = try Self.checkedIDs(action, call)
        let isSecurityOnly = asked == nil ? try Self.isSecurityOnly(call) : false
        let groups = try directory.withLock { directory throws(GraphProblem) in
            let index = try findSeen(kind, address, in: directory).index
            return related("transitiveMemberOf", to: index, in: directory).compactMap {
                seenAlive($0, on: .replica, in: directory)
            }
        }
        let found = groups.filter { group in
            (asked?.contains(group.id) ?? true) && (!isSecurityOnly || group.value("securityEnabled") == true)
        }
        return .ok([
            "@odata.context": .string("\(base)/$metadata#Collection(Edm.String)"),
            "value": .array(found.map { .string($0.id) }),
        ])
    }

    /// The ids that a check covers, at most twenty; nil for a function that covers everything.
    private static func checkedIDs(_ action: String, _ call: GraphCall) throws(GraphProblem) -> Set<String>? {
        guard action.hasPrefix("check") else { return nil }
        let name = action == "checkMemberGroups" ? "groupIds" : "ids"
        guard let ids = call.body?[name]?.array, ids.allSatisfy({ $0.string != nil }) else {
            throw .badRequest("A list of ids is required for '\(name)'.", detail: "InvalidValue", target: name)
        }
        guard ids.count <= checkedLimit else {
            throw .badRequest(
                "The request must have at most \(checkedLimit) ids.",
                detail: "InvalidValue",
                target: name
            )
        }
        return Set(ids.compactMap { $0.string?.lowercased() })
    }

    private static func isSecurityOnly(_ call: GraphCall) throws(GraphProblem) -> Bool {
        let value = call.body?["securityEnabledOnly"] ?? .null
        guard value.isNull || value.bool != nil else {
            throw .badRequest(
                "The value of 'securityEnabledOnly' must be true or false.",
                detail: "InvalidValue",
                target: "securityEnabledOnly"
            )
        }
        return value.bool ?? false
    }

    // MARK: By ids

    private static let idLimit = 1000

    /// `/directoryObjects/getByIds`, which also exists for users and groups.
    func getByIDs(_ call: GraphCall, _ base: String) throws(GraphProblem) -> GraphReply {
        guard let ids = call.body?["ids"]?.array?.compactMap(\.string), (1...Self.idLimit).contains(ids.count) else {
            throw .badRequest(
                "The request must have between 1 and \(Self.idLimit) ids.",
                detail: "InvalidValue",
                target: "ids"
            )
        }
        // Names of types are compared without regard to case.
        let kinds = call.body?["types"]?.array?.compactMap { $0.string?.lowercased() }
        let selection = call.option("select")?.split(separator: ",").map(String.init)
        let entries = directory.withLock { directory in
            ids.compactMap { id in
                directory.lookup.index(ofID: id).flatMap { seenAlive($0, on: .replica, in: directory) }
            }
        }
        var values: [JSONValue] = []
        for entry in entries where Self.isOf(kinds, entry.kind) { values.append(try typedJSON(entry, selection)) }
        return .ok([
            "@odata.context": .string("\(base)/$metadata#directoryObjects"), "value": .array(values),
        ])
    }

    private static func isOf(_ types: [String]?, _ kind: EntryKind) -> Bool {
        guard let types, !types.isEmpty else { return true }
        return types.contains("directoryobject") || types.contains(kind.rawValue.lowercased())
    }
}
