import CausewayModel

extension EventOrigin {
    /// A person who decides over the API, from an address, with a token.
    static func person(_ name: String) -> EventOrigin {
        EventOrigin(actor: name, channel: .api, clientIP: "192.0.2.7", token: "terraform")
    }
}
