import CausewayJSON

/// The identifiers that bind a user to certificates (Graph, authorizationInfo resource type; Entra, "Mapping to the certificateUserIds
/// attribute in Microsoft Entra ID": the forms, up to ten values of up to 1024 characters, each unique in the tenant). A write replaces
/// all former values.
enum CertificateUserIDs {
    private static let list = "certificateUserIds"

    /// - Throws: ``GraphProblem`` for a value of an unknown form, or a repeated one.
    static func check(_ body: [String: JSONValue]) throws(GraphProblem) {
        guard let given = body["authorizationInfo"]?[list]?.array else { return }
        let values = UniqueKey.certificateUserIDs(of: body)
        guard values.count == given.count, values.allSatisfy(isValid), Set(values).count == values.count else {
            throw .invalidValue(list, of: .user)
        }
    }

    /// `X509:<PN>bob@woodgrove.com`; the letter case of the prefix counts.
    private static func isValid(_ value: String) -> Bool {
        value.wholeMatch(of: #/X509:(<(PN|RFC822|S|SKI|SHA1-PUKEY)>.+|<I>.+<(S|SR)>.+)/#) != nil
    }
}
