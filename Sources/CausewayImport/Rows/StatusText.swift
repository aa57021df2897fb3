/// Words for who may sign in and who may not. Pure.
enum StatusText {
    /// - Parameters:
    ///   - yes: what a yes means in this column; nil if it is unknown.
    ///   - format: may have words of its own.
    /// - Throws: ``LineProblem`` if the text says neither; ``ImportFileError`` if it could mean either.
    static func isActive(_ text: String, yes: Bool?, _ format: FileFormat?, _ column: String, _ line: Int) throws
        -> Bool
    {
        let word = ColumnHeader.folded(text)
        if let isActive = format?.states[word] ?? states[word] { return isActive }
        guard let isYes = answers[word] else {
            throw LineProblem(line: line, reason: "'\(text)' in '\(column)' says neither active nor inactive")
        }
        guard let yes else {
            throw ImportFileError(
                "'\(text)' in the column '\(column)' could mean that a user may sign in, or may not. Use "
                    + "--map '\(column)=is_active' if yes means that they may, --map '\(column)=is_blocked' if it means that they "
                    + "may not."
            )
        }
        return isYes == yes
    }

    /// Words whose meaning depends on the column's name.
    private static let answers = table(
        "true,yes,y,1,on,ja,wahr,oui,vrai,si,sí,sim,tak,ano,evet,kyllä,да,так,是,はい,예",
        "false,no,n,0,off,nein,falsch,non,faux,não,nao,nie,ne,hayır,ei,nej,нет,ні,否,いいえ,아니요"
    )

    /// Unambiguous words.
    private static let states = table(
        "active,enabled,employed,current,a,aktiv,working,onleave,leave,leaveofabsence,paidleave,unpaidleave,parentalleave,"
            + "maternityleave,sickleave,loa,probation,onboarding,fulltime,parttime,permanent,regular,temporary,contractor,intern,"
            + "allowed,unblocked,unlocked,activated,aktiviert,beschäftigt,beurlaubt,elternzeit,hired,rehired",
        "inactive,disabled,terminated,leaver,left,retired,i,deceased,resigned,suspended,ausgeschieden,offboarded,former,"
            + "blocked,locked,deactivated,deprovisioned,archived,deleted,dismissed,separated,revoked,inaktiv,gesperrt,"
            + "deaktiviert,gekündigt"
    )

    private static func table(_ yes: String, _ no: String) -> [String: Bool] {
        var table: [String: Bool] = [:]
        for word in yes.split(separator: ",") { table[ColumnHeader.folded(String(word))] = true }
        for word in no.split(separator: ",") { table[ColumnHeader.folded(String(word))] = false }
        return table
    }
}
