/// Who calls Graph: what the token says of the application.
struct Caller: Sendable {
    var clientID = ""
    /// Application permissions, the token's `roles`.
    var permissions: Set<String> = []
    /// Directory roles of the application's service principal.
    var directoryRoles: Set<String> = []
}
