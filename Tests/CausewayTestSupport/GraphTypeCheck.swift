package import CausewayEmulator
package import CausewayGraphTypes
import CausewayJSON
import Synchronization

/// Checks every call that a tenant carried out, and every answer it gave, against Graph's type data: a second reading of the
/// data, which shares nothing with the tenant's own rules.
package final class GraphTypeCheck: Sendable {
    /// What an answer or a request had that the types do not allow.
    package struct Violations: Error, CustomStringConvertible {
        package let description: String
    }

    private let types: GraphTypes
    private let found = Mutex<[String]>([])

    package init(_ types: GraphTypes) { self.types = types }

    package func observe(_ exchange: Exchange) {
        let problems =
            (200...299).contains(exchange.status) ? answer(exchange) + request(exchange) : error(exchange.response)
        guard !problems.isEmpty else { return }
        found.withLock { $0 += problems.map { "\(exchange.operation) \(exchange.status): \($0)" } }
    }

    /// - Throws: ``Violations`` with all that was found.
    package func finish() throws {
        let found = found.withLock { $0 }
        if !found.isEmpty { throw Violations(description: found.prefix(10).joined(separator: "\n")) }
    }

    // MARK: Errors

    private func error(_ body: JSONValue?) -> [String] {
        let error = body?["error"]
        var problems: [String] = []
        if error?["code"]?.string?.isEmpty ?? true { problems.append("an error without code") }
        if error?["message"]?.string == nil { problems.append("an error without message") }
        if error?["innerError"]?["request-id"]?.string == nil { problems.append("an error without request-id") }
        for detail in error?["details"]?.array ?? [] where detail["code"]?.string == nil {
            problems.append("a detail without code")
        }
        return problems
    }

    // MARK: Requests

    private func request(_ exchange: Exchange) -> [String] {
        guard ["POST", "PATCH"].contains(exchange.method), let type = writtenType(exchange.operation),
            let body = exchange.request?.object
        else { return [] }
        let properties = types.properties(of: type)
        return body.flatMap { name, value -> [String] in
            // The types of users and groups are open for directory extensions.
            guard !name.contains("@odata."), !name.hasPrefix("extension_") else { return [] }
            guard let property = properties[name] else { return ["\(name) was taken, which \(type) does not have"] }
            if property.isReadOnly { return ["\(name) was taken, which is read-only"] }
            return check(value, property, at: name)
        }
    }

    private func writtenType(_ operation: String) -> String? {
        switch operation.split(separator: " ").last {
        case "/users", "/users/{id}", "/users/{key}": "microsoft.graph.user"
        case "/groups", "/groups/{id}", "/groups/{key}": "microsoft.graph.group"
        case "/invitations": "microsoft.graph.invitation"
        default: nil
        }
    }

    // MARK: Answers

    private func answer(_ exchange: Exchange) -> [String] {
        guard let body = exchange.response?.object else { return [] }
        var problems: [String] = []
        if body["@odata.context"]?.string == nil { problems.append("no @odata.context") }
        let type = answeredType(exchange.operation)
        guard let values = body["value"]?.array else { return problems + object(body, type, exchange) }
        for case .object(let members) in values { problems += object(members, type, exchange) }
        return problems
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
        let annotated = members["@odata.type"]?.string.map { String($0.dropFirst()) }
        guard let type = annotated ?? fallback else { return ["an object of no known type"] }
        if members["@removed"] != nil { return members["id"]?.string == nil ? ["a removal without id"] : [] }
        let properties = types.properties(of: type)
        return members.flatMap { name, value -> [String] in
            if name.hasPrefix("@") || name.hasPrefix("extension_") || name == "invitedUser" { return [] }
            if name.hasSuffix("@delta") || Self.relations.contains(name) { return links(value, exchange) }
            // The answer of a function is a plain value.
            if name == "value", members.count <= 2 { return [] }
            guard let property = properties[name] else { return ["\(type) has no '\(name)'"] }
            if property.neverReturned, !value.isNull { return ["'\(name)' is never returned"] }
            return check(value, property, at: name)
        }
    }

    private static let relations: Set<String> = [
        "members", "owners", "manager", "memberOf", "transitiveMembers", "transitiveMemberOf", "directReports",
        "ownedObjects",
    ]

    private func links(_ value: JSONValue, _ exchange: Exchange) -> [String] {
        (value.array ?? [value]).flatMap { link -> [String] in
            guard let members = link.object, members["id"]?.string != nil, members["@odata.type"]?.string != nil else {
                return ["a link without id or type"]
            }
            return object(members, nil, exchange)
        }
    }

    // MARK: Values

    private func check(_ value: JSONValue, _ property: GraphProperty, at place: String) -> [String] {
        guard property.isCollection else { return value.isNull ? [] : element(value, property.type, at: place) }
        guard let values = value.array else { return value.isNull ? [] : ["'\(place)' is no list"] }
        return values.flatMap { element($0, property.type, at: place) }
    }

    private func element(_ value: JSONValue, _ type: String, at place: String) -> [String] {
        let isRight =
            switch type {
            case "Edm.Boolean": value.bool != nil
            case "Edm.Int16", "Edm.Int32", "Edm.Int64": value.integer != nil
            case "Edm.String", "Edm.Guid", "Edm.DateTimeOffset", "Edm.Date", "Edm.Duration", "Edm.TimeOfDay",
                "Edm.Binary":
                value.string != nil
            default: types.types[type]?.kind == .enumeration ? value.string != nil : value.object != nil
            }
        guard isRight else { return ["'\(place)' is no \(type)"] }
        guard let members = value.object else { return [] }
        let properties = types.properties(of: type)
        return members.flatMap { name, value -> [String] in
            guard !name.hasPrefix("@") else { return [] }
            guard let property = properties[name] else { return ["\(type) has no '\(name)'"] }
            return check(value, property, at: "\(place).\(name)")
        }
    }
}
