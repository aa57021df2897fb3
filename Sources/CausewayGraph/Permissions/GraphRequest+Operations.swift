import CausewayJSON

// Which operations of Microsoft's tables a request consists of. Pure: it depends on the request alone.

extension GraphRequest {
    /// Every operation that must be allowed for it, each once.
    package var operations: [GraphOperation] {
        let segments = path.prefix { $0 != "?" }.split(separator: "/").map(String.init)
        let operations: [GraphOperation] =
            switch segments.first {
            case "organization": [.readOrganization]
            case "users": userOperations(segments)
            case "groups": groupOperations(segments)
            case "directory": recycleBinOperations(segments)
            case "invitations": [.inviteGuests]
            default: []
            }
        return operations.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private var properties: [String] { (body?.object ?? [:]).keys.sorted() }

    private func userOperations(_ segments: [String]) -> [GraphOperation] {
        switch (method, segments.count) {
        case (.get, _): [.readUsers]
        case (.post, 1): [.createUsers]
        case (_, 3...) where segments[2] == "manager": [.setManagers]
        case (.patch, 2): properties.isEmpty ? [.updateUsers] : properties.map(GraphOperation.updateUsers)
        case (.delete, 2): [.deleteUsers]
        default: []
        }
    }

    private func groupOperations(_ segments: [String]) -> [GraphOperation] {
        switch (method, segments.count) {
        case (.get, _): [.readGroups]
        case (.post, 1): groupCreation
        case (_, 3...) where segments[2] == "members": [.writeMembers]
        case (.patch, 2): properties.isEmpty ? [.updateGroups] : properties.map(GraphOperation.updateGroups)
        case (.delete, 2): [.deleteGroups]
        default: []
        }
    }

    private var groupCreation: [GraphOperation] {
        let binds = properties.contains { $0 == "members@odata.bind" || $0 == "owners@odata.bind" }
        let creation = binds ? GraphOperation.createGroupsWithMembers : .createGroups
        return body?["isAssignableToRole"] == true ? [creation, .manageRoleAssignableGroups] : [creation]
    }

    /// The path of a restoration does not name the kind: only users are restored with a body.
    private func recycleBinOperations(_ segments: [String]) -> [GraphOperation] {
        switch (method, segments.last) {
        case (.get, "microsoft.graph.user"): [.readDeletedUsers]
        case (.get, "microsoft.graph.group"): [.readDeletedGroups]
        case (.post, "restore"): [body == nil ? .restoreGroups : .restoreUsers]
        default: []
        }
    }
}
