/// The caller of Graph: what the token says about the application.
struct GraphCaller: Sendable {
    var clientID = ""
    /// Application permissions, the token's `roles`.
    var permissions: Set<String> = []
    /// Directory roles of the application's service principal.
    var directoryRoles: Set<String> = []
}
