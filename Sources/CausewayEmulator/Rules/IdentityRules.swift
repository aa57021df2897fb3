import CausewayJSON

/// How a user can sign in with an identity (Graph, the objectIdentity resource).
enum IdentityKind {
    /// Mirrors the user principal name.
    case principalName
    /// Managed by another identity provider.
    case federated
    /// An address, a name or another value that the tenant itself manages.
    case local

    init(_ identity: JSONValue) {
        self =
            switch identity["signInType"]?.string {
            case "userPrincipalName": .principalName
            case "federated": .federated
            default: .local
            }
    }
}

/// What Graph demands of a user's identities.
struct IdentityRules {
    let domains: VerifiedDomains

    /// Checks one identity by itself.
    func check(_ identity: JSONValue) throws(GraphProblem) {
        guard let type = identity["signInType"]?.string, let issuer = identity["issuer"]?.string,
            let assigned = identity["issuerAssignedId"]?.string,
            type != "userName" || assigned.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9_-]*/#) != nil,
            type != "emailAddress" || !assigned.domain.isEmpty
        else { throw .invalidValue("identities", of: .user) }
        guard IdentityKind(identity) == .federated || domains.contains(issuer) else {
            throw .badRequest(
                "The issuer '\(issuer)' of a local identity should match the tenant's domain name.",
                detail: "InvalidValue",
                target: "identities"
            )
        }
    }

    /// Checks the list of a new user: if it mirrors the user principal name, it mirrors the right one.
    func checkCreation(_ identities: [JSONValue], principalName: JSONValue) throws(GraphProblem) {
        guard mirrors(in: identities).allSatisfy({ Self.isSame($0, principalName) }) else {
            throw .invalidValue("identities", of: .user)
        }
    }

    /// Checks a list that replaces another: it keeps the mirror of the user principal name, and a user who never had a local
    /// identity gets none.
    func checkChange(_ identities: [JSONValue], of former: [JSONValue], principalName: JSONValue) throws(GraphProblem) {
        let mirrors = mirrors(in: identities)
        let hadLocal = former.contains { IdentityKind($0) == .local }
        let hasLocal = identities.contains { IdentityKind($0) == .local }
        guard mirrors.count == 1, Self.isSame(mirrors[0], principalName), hadLocal || !hasLocal else {
            throw .invalidValue("identities", of: .user)
        }
    }

    /// The names that the list gives as the user principal name.
    private func mirrors(in identities: [JSONValue]) -> [JSONValue] {
        identities.filter { IdentityKind($0) == .principalName }.map { $0["issuerAssignedId"] ?? .null }
    }

    private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        one.string?.lowercased() == other.string?.lowercased()
    }
}
