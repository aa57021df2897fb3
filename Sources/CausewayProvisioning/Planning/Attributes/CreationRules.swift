import CausewayGraph
import CausewayGraphTypes
import CausewayJSON
import CausewayMapping
import CausewayModel

/// Finds what is certain to fail before it is sent. Pure.
struct CreationRules {
    let types: GraphTypes
    let organization: Organization

    /// Why Entra would refuse these values, or nil.
    ///
    /// - Parameter isNew: whether the object will be created; then required values must be there.
    func violation(in object: DesiredObject, kind: ObjectKind, isNew: Bool) -> Outcome? {
        let desired = object.properties
        if kind == .user, let name = desired["userPrincipalName"]?.string,
            let violation = violation(inPrincipalName: name)
        {
            return violation
        }
        // Accounts that sign in elsewhere are named by Entra itself.
        guard isNew, (desired["identities"]?.array ?? []).isEmpty else { return nil }
        let required = kind == .user ? types.user.requiredOnCreate : types.group.requiredOnCreate
        // What the mappings would return is unknown, so nothing replaces it; Entra does not make the members visible to all either.
        if let problem = (required + ["visibility"]).lazy.compactMap(object.problem(of:)).first {
            return Outcome(problem)
        }
        guard let missing = required.first(where: { (desired[$0] ?? .null).isNull }) else { return nil }
        return Outcome(
            .failed,
            message: "\(missing) is empty. Entra ID needs it to create a \(kind.rawValue).",
            remedy: "Fill in the directory's value that it comes from, or return it from the mapping.",
            attribute: missing,
            rule: FailureRule("required", title: "\(missing) is empty. Entra ID needs it to create a \(kind.rawValue).")
        )
    }

    private func violation(inPrincipalName name: String) -> Outcome? {
        // Every tenant has a domain; a tenant without one was never read, and nothing can be said.
        guard !organization.verifiedDomains.isEmpty else { return nil }
        let domain = name.split(separator: "@").last.map { $0.lowercased() } ?? ""
        let isVerified = organization.verifiedDomains.contains { domain == $0 || domain.hasSuffix(".\($0)") }
        guard !isVerified else { return nil }
        return Outcome(
            .failed,
            message: "userPrincipalName ends in '\(domain)', which is not a verified domain of the tenant.",
            remedy: "Verify the domain in Entra, change the address, or map such users as email-verified users.",
            attribute: "userPrincipalName",
            rule: FailureRule(
                "unverified-domain",
                title: "userPrincipalName ends in a domain that the tenant has not verified."
            )
        )
    }
}
