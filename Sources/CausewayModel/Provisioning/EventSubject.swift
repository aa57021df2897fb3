package import CausewayJSON

/// The object that an event is about, under authentik's names.
package struct EventObject: Hashable, Sendable {
    /// authentik's app, such as `authentik_core`.
    package let app: String
    /// authentik's model, such as `user`.
    package let type: String
    package let key: String
    package let name: String

    package init(app: String, type: String, key: String, name: String) {
        (self.app, self.type, self.key, self.name) = (app, type, key, name)
    }

    /// Reads `model` in the context of an event; nil if it names no object.
    package init?(_ json: JSONValue?) {
        guard let type = json?["model_name"]?.string, !type.isEmpty else { return nil }
        let key = json?["pk"].map { $0.string ?? $0.text } ?? ""
        self.init(app: json?["app"]?.string ?? "", type: type, key: key, name: json?["name"]?.string ?? "")
    }

    package var json: JSONValue {
        ["app": .string(app), "model_name": .string(type), "pk": .string(key), "name": .string(name)]
    }

    package var reference: EventReference { EventReference(type, key) }
}

/// The type and the key of an object that an event concerns. An event can concern several: a group, and the user who joins it.
package struct EventReference: Hashable, Sendable {
    package let type: String
    /// Without hyphens: authentik's filter for keys accepts both forms.
    package let key: String

    package init(_ type: String, _ key: String) { (self.type, self.key) = (type, Self.bare(key)) }

    package static func user(_ id: UserID) -> EventReference { EventReference("user", "\(id)") }
    package static func group(_ id: GroupID) -> EventReference { EventReference("group", id.text) }
    package static func provider(_ id: ProviderID) -> EventReference {
        EventReference("microsoftentraprovider", "\(id)")
    }

    /// A key without its hyphens.
    package static func bare(_ key: String) -> String { key.replacing("-", with: "") }
}

/// Who does something, and in which way.
package struct EventOrigin: Sendable {
    /// How a change reaches the program.
    package enum Channel: String, Sendable {
        case api, interface
        case commandLine = "command_line"
        /// The program itself.
        case engine
    }

    /// A user name, `command line`, or `causeway`.
    package let actor: String
    package let channel: Channel
    /// The address of a request.
    package var clientIP: String?
    /// authentik's description of the request.
    package var request: JSONValue?
    /// The identifier of the token that a program uses.
    package var token: String?
    /// The user of the operating system who enters a command.
    package var systemUser: String?

    package init(
        actor: String,
        channel: Channel,
        clientIP: String? = nil,
        request: JSONValue? = nil,
        token: String? = nil,
        systemUser: String? = nil
    ) {
        (self.actor, self.channel, self.clientIP) = (actor, channel, clientIP)
        (self.request, self.token, self.systemUser) = (request, token, systemUser)
    }

    /// A command on this machine.
    package static func commandLine(systemUser: String? = nil) -> EventOrigin {
        EventOrigin(actor: "command line", channel: .commandLine, systemUser: systemUser)
    }

    package static let engine = EventOrigin(actor: "causeway", channel: .engine)

    /// What an event says of it below `causeway` in its context.
    package var details: [String: JSONValue] {
        var details: [String: JSONValue] = ["channel": .string(channel.rawValue)]
        details["token"] = token.map { .string($0) }
        details["system_user"] = systemUser.map { .string($0) }
        return details
    }
}
