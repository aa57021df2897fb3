import CausewayEmulator
import CausewayGraphTypes
import CausewayJSON

/// What the body of a request that Graph executes may contain.
struct GraphRequestCheck: Sendable {
    let types: GraphTypes

    private var values: GraphValueCheck { GraphValueCheck(types: types) }

    func problems(of exchange: Exchange) -> [String] {
        guard let written = written(exchange), let body = exchange.request?.object else { return [] }
        let said = written.isNew || written.type != "microsoft.graph.group" ? [] : Self.saidAgain
        let properties = body.filter { name, _ in
            !name.contains("@odata.") && !name.hasPrefix("extension_") && !said.contains(name)
        }
        return linkProblems(body) + nameProblems(Set(properties.keys), written)
            + (written.isNew ? missing(body, written) : nulls(properties, written))
            + valueProblems(properties, written.type)
    }

    /// An update may repeat the kind of the group and its id (Graph, "Update group", the example).
    private static let saidAgain: Set<String> = ["id", "mailEnabled", "groupTypes"]

    // MARK: Bodies

    /// A body that describes an object.
    private struct Written {
        let type: String
        /// nil for anything except users and groups.
        let rules: GraphResourceRules?
        let isNew: Bool
        /// A body that creates the object if there is none, and changes it otherwise.
        let isUpsert: Bool
    }

    private func written(_ exchange: Exchange) -> Written? {
        guard ["POST", "PATCH"].contains(exchange.method) else { return nil }
        let (type, rules): (String, GraphResourceRules?)
        switch exchange.operation.split(separator: " ").last {
        case "/users", "/users/{id}", "/users/{key}": (type, rules) = ("microsoft.graph.user", types.user)
        case "/groups", "/groups/{id}", "/groups/{key}": (type, rules) = ("microsoft.graph.group", types.group)
        case "/invitations": (type, rules) = ("microsoft.graph.invitation", nil)
        default: return nil
        }
        return Written(
            type: type,
            rules: rules,
            isNew: exchange.status == 201,
            isUpsert: exchange.headers["prefer"]?.contains("create-if-missing") == true
        )
    }

    // MARK: Names

    private func nameProblems(_ names: Set<String>, _ written: Written) -> [String] {
        guard let rules = written.rules else { return [] }
        var refused: [(String, Set<String>)] = [("documented as read-only", rules.documentedReadOnly)]
        if written.isNew {
            refused.append(("not settable on creation", rules.notSettableOnCreate))
        } else {
            refused.append(("not for applications to change", rules.notUpdatableAppOnly))
            if !written.isUpsert {
                refused.append(("settable on creation alone", rules.settableOnlyOnCreate))
                refused.append(("not updatable", names.subtracting(rules.updatable)))
            }
        }
        var problems = refused.flatMap { words, set in
            names.intersection(set).sorted().map { "\($0) was taken, which is \(words)" }
        }
        if !written.isNew, names.count > 1, let name = names.intersection(rules.mustBePatchedAlone).min() {
            problems.append("\(name) was taken in company")
        }
        return problems
    }

    private func missing(_ body: [String: JSONValue], _ written: Written) -> [String] {
        required(body, written).filter { (body[$0] ?? .null).isNull }.map { "\($0) was missing from a creation" }
    }

    /// A user with an identity that does not mirror the principal name needs few other properties.
    private func required(_ body: [String: JSONValue], _ written: Written) -> [String] {
        guard let rules = written.rules else {
            return types.properties(of: written.type).filter { !$0.value.isNullable && $0.key != "id" }.map(\.key)
        }
        let kinds = (body["identities"]?.array ?? []).compactMap { $0["signInType"]?.string }
        return kinds.allSatisfy { $0 == "userPrincipalName" } ? rules.requiredOnCreate : ["displayName"]
    }

    private func nulls(_ properties: [String: JSONValue], _ written: Written) -> [String] {
        let required = Set(written.rules?.requiredOnCreate ?? [])
        return properties.filter { $0.value.isNull && required.contains($0.key) }.map { "\($0.key) was cleared" }
    }

    // MARK: Values

    private func valueProblems(_ body: [String: JSONValue], _ type: String) -> [String] {
        let properties = types.properties(of: type)
        return body.flatMap { name, value -> [String] in
            if type == "microsoft.graph.invitation", name == "invitedUser" { return [] }
            guard let property = properties[name] else { return ["\(name) was taken, which \(type) does not have"] }
            if property.isReadOnly { return ["\(name) was taken, which is read-only"] }
            if value.isNull, !property.isNullable || property.cannotBeCleared || property.isCollection {
                return ["\(name) was taken as null"]
            }
            return values.problems(of: value, property, at: name)
        }
    }

    private static let linkLimit = 20

    private func linkProblems(_ body: [String: JSONValue]) -> [String] {
        let count = ["members@odata.bind", "owners@odata.bind"].map { body[$0]?.array?.count ?? 0 }.reduce(0, +)
        return count > Self.linkLimit ? ["\(count) links were taken at once"] : []
    }
}
