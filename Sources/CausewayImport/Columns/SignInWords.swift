/// Finds out from a column's name whether it says who may sign in, or who may not. Pure.
enum SignInWords {
    enum Polarity { case active, blocked, either }

    /// - Parameter label: a folded name, such as `isaccountdisabled`.
    /// - Returns: nil if the name is about something else.
    static func polarity(of label: String) -> Polarity? {
        guard let words = words(of: Substring(label)) else { return nil }
        var (found, isNegated) = (Set<Bool>(), false)
        for word in words {
            if negations.contains(word) { isNegated = true }
            if let isActive = polarities[word] {
                found.insert(isActive != isNegated)
                isNegated = false
            }
        }
        switch (found.contains(true), found.contains(false)) {
        case (true, true): return .either
        case (true, false): return .active
        case (false, true): return .blocked
        case (false, false): return nil
        }
    }

    /// A name split into known words; nil if a part of it is unknown.
    private static func words(of text: Substring) -> [String]? {
        guard !text.isEmpty else { return [] }
        for length in stride(from: min(longest, text.count), through: 1, by: -1) {
            let word = String(text.prefix(length))
            if vocabulary.contains(word), let rest = words(of: text.dropFirst(length)) { return [word] + rest }
        }
        return nil
    }

    private static let negations: Set = ["not", "non", "nicht"]

    private static let polarities: [String: Bool] = {
        let active = "active,activated,enable,enabled,allow,allowed,unblocked,aktiv,aktiviert,freigegeben"
        let blocked =
            "inactive,block,blocked,disable,disabled,lock,locked,suspend,suspended,deny,denied,deactivated,terminated,"
            + "deprovisioned,revoked,archived,deleted,inaktiv,gesperrt,sperren,deaktiviert,blockiert,blockieren,gelöscht"
        return Dictionary(
            uniqueKeysWithValues: active.split(separator: ",").map { (String($0), true) }
                + blocked.split(separator: ",").map { (String($0), false) }
        )
    }()

    /// Words that may accompany the one that counts.
    private static let others: Set<String> = Set(
        ("is,are,was,has,been,be,account,user,person,employee,employment,worker,sign,in,signin,log,login,logon,credential,"
            + "credentials,access,identity,status,state,flag,yes,no,true,false,ja,nein,or,to,for,currently,required,konto,benutzer,"
            + "anmeldung,zugang,ist,oder").split(separator: ",").map(String.init)
    )

    private static let vocabulary = others.union(polarities.keys).union(negations)
    private static let longest = vocabulary.map(\.count).max() ?? 0
}
