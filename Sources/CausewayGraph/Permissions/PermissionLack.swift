import CausewayJSON

/// What a request lacked that Graph refused with 403: derived from the request, from the permissions in the token, and from
/// Microsoft's tables. Pure.
package enum PermissionLack: Hashable, Sendable {
    /// Permissions that are not granted.
    case permissions([GraphOperation])
    /// All permissions are granted, but the account is an administrator's, or any account whose password is set.
    case directoryRole([GraphOperation])
    /// All permissions except the one for role-assignable groups are granted.
    case roleAssignable([GraphOperation])
    /// The tenant has no license for it; with Graph's words.
    case license([GraphOperation], words: String)
    /// A rule of the tenant forbids it; with Graph's words.
    case policy([GraphOperation], words: String)
    /// Graph does not create such groups.
    case unsupportedGroup

    /// - Parameter granted: nil if the token cannot be read, so that the permissions are unknown.
    init(_ request: GraphRequest, granted: Set<String>?, code: String, message: String) {
        let operations = request.operations
        if Self.speaksOfLicense(code, message) {
            self = .license(operations, words: message)
            return
        }
        let missing = operations.filter { operation in granted.map { !operation.isAllowed(by: $0) } ?? true }
        if !missing.isEmpty {
            self = .permissions(missing)
            return
        }
        let people = operations.filter { [.administrators, .everybody].contains($0.protection) }
        let groups = operations.filter { $0.protection == .roleAssignableGroups }
        let mayManageRoles = granted.map(GraphOperation.manageRoleAssignableGroups.isAllowed) ?? false
        if message.lowercased().contains("policy") || message.lowercased().contains("restricted management") {
            self = .policy(operations, words: message)
        } else if !people.isEmpty {
            self = .directoryRole(people)
        } else if !groups.isEmpty, !mayManageRoles {
            self = .roleAssignable(groups)
        } else if request.makesMailEnabledSecurityGroup {
            self = .unsupportedGroup
        } else {
            self = .policy(operations, words: message)
        }
    }

    /// `Authentication_RequestFromNonPremiumTenantOrB2CTenant` and the like.
    private static func speaksOfLicense(_ code: String, _ message: String) -> Bool {
        let words = "\(code) \(message)".lowercased()
        return ["license", "licence", "nonpremium", "premium"].contains { words.contains($0) }
    }
}

extension PermissionLack {
    /// The Graph property at fault, if it is one.
    package var property: String? {
        let properties = Set(operations.map(\.property))
        return properties.count == 1 ? properties.first ?? nil : nil
    }

    private var operations: [GraphOperation] {
        switch self {
        case .permissions(let operations), .directoryRole(let operations), .roleAssignable(let operations),
            .license(let operations, _), .policy(let operations, _):
            operations
        case .unsupportedGroup: []
        }
    }

    private var purposes: String {
        operations.isEmpty ? "do this" : operations.map(\.purpose).joined(separator: " or ")
    }

    /// The same whatever the object.
    var rule: String {
        let name =
            switch self {
            case .permissions: "not-granted"
            case .directoryRole: "directory-role"
            case .roleAssignable: "role-assignable"
            case .license: "licence"
            case .policy: "policy"
            case .unsupportedGroup: "unsupported-group"
            }
        return "\(name):\(operations.map(\.purpose).joined(separator: ","))"
    }

    /// What happened, in a sentence that fits every object that it happens to.
    var sentence: String {
        switch self {
        case .permissions(let missing):
            "The application is not permitted to \(purposes): \(Self.least(missing)) is not granted."
        case .directoryRole(let operations) where operations.contains { $0.protection == .everybody }:
            "The application is not permitted to \(purposes): it has the permission, but needs a directory role as well."
        case .directoryRole:
            "The application is not permitted to \(purposes) who are administrators: it has the permissions, but for an account with an "
                + "administrator role, or in a role-assignable group, it needs a directory role as well."
        case .roleAssignable:
            "The application is not permitted to \(purposes) here: the group is role-assignable, and "
                + "RoleManagement.ReadWrite.Directory is not granted."
        case .license(_, let words):
            "The application is not permitted to \(purposes): the tenant has no license. \(words)"
        case .policy(_, let words):
            "The application is not permitted to \(purposes): it has the permissions, but the tenant forbids it. \(words)"
        case .unsupportedGroup:
            "Entra ID creates mail-enabled groups only as Microsoft 365 groups: mailEnabled is true, and groupTypes lacks "
                + "'Unified'."
        }
    }

    /// What an administrator can do about it.
    var remedy: String {
        switch self {
        case .permissions(let missing):
            "In the app registration, under API permissions, add \(missing.map(\.grant).joined(separator: "; and ")) as an "
                + "application permission of Microsoft Graph, and grant admin consent."
        case .directoryRole:
            "Assign the application a directory role under Roles & admins: User Administrator for users without roles or "
                + "with few rights, Privileged Authentication Administrator for all users; or leave such accounts out of scope."
        case .roleAssignable:
            "In the app registration, under API permissions, add RoleManagement.ReadWrite.Directory as an application permission of "
                + "Microsoft Graph, and grant admin consent; or leave the group out of scope."
        case .license:
            "Get the license, such as Microsoft Entra ID P1 or ID Governance, or remove the property from the mapping."
        case .policy:
            "Ask the tenant's administrators which policy, restricted management administrative unit or other rule forbids it."
        case .unsupportedGroup: "Set mailEnabled to False, or groupTypes to ['Unified'], in the mapping."
        }
    }

    private static func least(_ operations: [GraphOperation]) -> String {
        operations.map(\.least).joined(separator: ", ")
    }
}

extension GraphRequest {
    fileprivate var makesMailEnabledSecurityGroup: Bool {
        method == .post && path == "/groups" && body?["mailEnabled"] == true
            && body?["groupTypes"]?.array?.contains("Unified") != true
    }
}
