import CausewayModel

extension AttributeChange {
    /// The property that says whether an account may sign in (Graph, user resource).
    static let accountEnabled = "accountEnabled"

    /// Whether it enables or disables sign-in.
    var switchesSignIn: Bool { attribute == Self.accountEnabled }
}
