import CausewayEmulator
import CausewayGraphTypes
import CausewayJSON

/// What Graph's answers may contain.
struct GraphAnswerCheck: Sendable {
    let types: GraphTypes

    private var values: GraphValueCheck { GraphValueCheck(types: types) }

    // MARK: Errors

    func problems(ofError exchange: Exchange) -> [String] {
        let error = exchange.response?["error"]
        var problems: [String] = []
        if error?["code"]?.string?.isEmpty ?? true { problems.append("an error without code") }
        if error?["message"]?.string == nil { problems.append("an error without message") }
        if error?["innerError"]?["request-id"]?.string == nil { problems.append("an error without request-id") }
        for detail in error?["details"]?.array ?? [] where detail["code"]?.string == nil {
            problems.append("a detail without code")
        }
        return problems
    }

    // MARK: Successes

    func problems(of exchange: Exchange) -> [String] {
        guard let body = exchange.response?.object else { return [] }
        var problems: [String] = []
        if body["@odata.context"]?.string == nil { problems.append("no @odata.context") }
        // The type data has no photos.
        if exchange.operation.hasSuffix("/photo") { return problems }
        if exchange.operation.hasSuffix("/$ref") { return problems + references(body) }
        let type = answeredType(exchange.operation)
        guard let values = body["value"]?.array else { return problems + object(body, type, exchange) }
        for case .object(let members) in values { problems += object(members, type, exchange) }
        return problems
    }

    /// References are addresses and nothing else (OData JSON Format 4.01, section 14).
    private func references(_ body: [String: JSONValue]) -> [String] {
        let one = body.filter { $0.key != "@odata.context" }
        return (body["value"]?.array ?? [.object(one)]).compactMap { reference in
            let isFine = reference.object.map { Array($0.keys) == ["@odata.id"] } ?? false
            return isFine && reference["@odata.id"]?.string != nil ? nil : "no reference: \(reference.text)"
        }
    }

    private static let byCollection = [
        "users": "microsoft.graph.user", "groups": "microsoft.graph.group",
        "organization": "microsoft.graph.organization",
        "domains": "microsoft.graph.domain", "subscribedSkus": "microsoft.graph.subscribedSku",
        "invitations": "microsoft.graph.invitation", "servicePrincipals": "microsoft.graph.servicePrincipal",
    ]

    private func answeredType(_ operation: String) -> String? {
        let names = (operation.split(separator: " ").last ?? "").split(separator: "/").map(String.init)
        if let cast = names.last(where: { $0.hasPrefix("microsoft.graph.") }) { return cast }
        if names.last == "licenseDetails" { return "microsoft.graph.licenseDetails" }
        return names.first.flatMap { Self.byCollection[$0] }
    }

    private func object(_ members: [String: JSONValue], _ fallback: String?, _ exchange: Exchange) -> [String] {
        // The answer of a function is a plain value.
        if members["value"] != nil, members.count <= 2 { return [] }
        guard let type = annotatedType(members) ?? fallback else { return ["an object of no known type"] }
        if members["@removed"] != nil { return members["id"]?.string == nil ? ["a removal without id"] : [] }
        return nameProblems(members, type, exchange) + memberProblems(members, type)
    }

    private func annotatedType(_ members: [String: JSONValue]) -> String? {
        members["@odata.type"]?.string.map { String($0.dropFirst()) }
    }

    private func memberProblems(_ members: [String: JSONValue], _ type: String) -> [String] {
        let properties = types.properties(of: type)
        // An object that may not be read has only id and type; its properties are null.
        let isHidden = members.allSatisfy { $0.key == "id" || $0.key.hasPrefix("@") || $0.value.isNull }
        return members.flatMap { name, value -> [String] in
            if name.hasPrefix("@") || name.hasPrefix("extension_") || name == "invitedUser" { return [] }
            if name.hasSuffix("@delta") || Self.relations.contains(name) { return linkProblems(value) }
            guard let property = properties[name] else { return ["\(type) has no '\(name)'"] }
            if property.neverReturned, !value.isNull { return ["'\(name)' is never returned"] }
            let mustBe = property.cannotBeCleared || (property.isCollection && !property.isNullable)
            if value.isNull, mustBe, !isHidden { return ["'\(name)' is null"] }
            return values.problems(of: value, property, at: name)
        }
    }

    private static let relations: Set<String> = [
        "members", "owners", "manager", "memberOf", "transitiveMembers", "transitiveMemberOf", "directReports",
        "ownedObjects",
    ]

    private func linkProblems(_ value: JSONValue) -> [String] {
        (value.array ?? [value]).flatMap { link -> [String] in
            guard let members = link.object, members["id"]?.string != nil, let type = annotatedType(members) else {
                return ["a link without id or type"]
            }
            return members["@removed"] == nil ? memberProblems(members, type) : []
        }
    }

    // MARK: Which properties

    /// Without a selection exactly the default set is shown; with one, only the selected properties.
    private func nameProblems(_ members: [String: JSONValue], _ type: String, _ exchange: Exchange) -> [String] {
        // A delta query's selection is in its token.
        guard !exchange.operation.hasSuffix("/delta"), let defaults = defaults(type, exchange) else { return [] }
        let shown = Set(members.keys.filter { !$0.contains("@") && !Self.relations.contains($0) })
        // Letter case does not count in names of options and properties.
        let option = exchange.query.first { ["$select", "select"].contains($0.key.lowercased()) }
        let selection = option.map { Set($0.value.lowercased().split(separator: ",").map { $0.filter { $0 != " " } }) }
        guard let selection else {
            let odd = shown.symmetricDifference(defaults).sorted()
            return odd.isEmpty ? [] : ["not the default set of \(type): \(odd)"]
        }
        let odd = shown.filter { $0 != "id" && !selection.contains($0.lowercased()) }.sorted()
        return odd.isEmpty ? [] : ["not selected: \(odd)"]
    }

    private func defaults(_ type: String, _ exchange: Exchange) -> Set<String>? {
        let isDeleted = exchange.method == "GET" && exchange.operation.contains("/deletedItems/")
        let further: Set<String> = isDeleted ? ["deletedDateTime"] : []
        return switch type {
        case "microsoft.graph.user": further.union(types.user.defaultProperties)
        case "microsoft.graph.group": further.union(types.group.defaultProperties)
        default: nil
        }
    }
}
