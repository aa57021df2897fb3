import CausewayModel

/// The sender of a request.
struct Caller: Sendable {
    /// Nil if the sender is not signed in.
    let user: User?
    /// What the caller may do; nil for only reading their own account.
    let role: AccessRole?
    /// The session, if the request comes from a browser.
    var session: BrowserSession?
    /// The token, if the request comes from a program.
    var token: AccessToken?
    /// The most that the caller may hand out.
    var ceiling = AccessCeiling.none
    /// Whether the sender is a command on this machine. It reads and writes the data folder, so it may do everything.
    var isCommandLine = false
    /// Why the sender is not signed in.
    var refusal: APIError?

    static let commandLine = Caller(user: nil, role: .administrator, isCommandLine: true)

    static func nobody(_ refusal: APIError) -> Caller {
        Caller(user: nil, role: nil, refusal: refusal)
    }

    /// - Throws: ``APIError`` if the caller may not.
    func require(_ access: APIAccess) throws {
        if access == .open { return }
        guard user != nil || isCommandLine else { throw refusal ?? APIError.noCredentials }
        guard case .role(let needed) = access else { return }
        guard let role, role >= needed else { throw APIError.forbidden }
    }

    /// The user, in operations that require a sign-in.
    var signedIn: User {
        get throws {
            guard let user else { throw APIError.noCredentials }
            return user
        }
    }

    var isAdministrator: Bool { role == .administrator }

    /// Its name in events.
    var actor: String { isCommandLine ? Self.commandLineActor : user?.username ?? "" }

    /// The name in events of every command on this machine.
    static let commandLineActor = "command line"
}
