import CausewayModel

extension AttributeChange {
    /// The property that says whether an account may sign in (Graph, user resource).
    static let signIn = "accountEnabled"

    /// Whether it enables or disables sign-in.
    var isSignIn: Bool { attribute == Self.signIn }
}
