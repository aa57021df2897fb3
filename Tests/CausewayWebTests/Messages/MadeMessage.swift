/// A message as the sources make it, and its translation; nil for a message of someone else.
struct MadeMessage: Sendable {
    let english: String
    let german: String?

    static let all = [
        MadeMessage(
            english: "The next run will update user ada (mail, city): attributes differ.",
            german: """
                Der nächste Lauf wird Benutzer ada (mail, city) aktualisieren: Attribute unterscheiden sich.
                """
        ),
        MadeMessage(
            english: """
                Runs fail as a whole: The client secret has expired (AADSTS7000222). Create a new secret in the \
                app registration and enter it in the provider.
                """,
            german: """
                Läufe schlagen im Ganzen fehl: Der geheime Clientschlüssel ist abgelaufen (AADSTS7000222). \
                Erstellen Sie in der App-Registrierung einen neuen geheimen Schlüssel, und geben Sie ihn beim \
                Anbieter ein.
                """
        ),
        MadeMessage(
            english: """
                The application is not permitted to create users or set the manager of users: \
                User.ReadWrite.All is not granted.
                """,
            german: """
                Die Anwendung ist nicht berechtigt, Benutzer zu erstellen oder den Manager von Benutzern \
                festzulegen: User.ReadWrite.All ist nicht erteilt.
                """
        ),
        MadeMessage(
            english: """
                Mapping 'mail of people', line 3, column 8: NameError: the name 'user' is not defined; did you \
                mean 'users'?.
                """,
            german: """
                Zuordnung „mail of people“, Zeile 3, Spalte 8: NameError: der Name „user“ ist nicht definiert; \
                meinten Sie „users“?.
                """
        ),
        MadeMessage(
            english: "member of the filter group 'Staff' or a group in it",
            german: "Mitglied der Filtergruppe „Staff“ oder einer Gruppe darin"
        ),
        MadeMessage(
            english: "Canceled by ada after 3 of 10 actions. The next full sync does what is left.",
            german: """
                Abgebrochen von ada nach 3 von 10 Aktionen. Die nächste vollständige Synchronisierung erledigt \
                den Rest.
                """
        ),
        MadeMessage(
            english: """
                This password is easy to guess: it consists of common words, names or passwords and dates or \
                years. Use four or more unrelated words, or one from a password manager.
                """,
            german: """
                Das Kennwort ist leicht zu erraten: Es besteht aus gängigen Wörtern, Namen oder Kennwörtern und \
                Datumsangaben oder Jahreszahlen. Verwenden Sie vier oder mehr Wörter ohne Zusammenhang oder ein \
                Kennwort aus einem Kennwort-Manager.
                """
        ),
        MadeMessage(
            english: "graph.example answers with a web page (status 200), not as Microsoft Graph does.",
            german: "graph.example antwortet mit einer Webseite (Status 200), anders als Microsoft Graph."
        ),
        MadeMessage(
            english: """
                mail is a number; Entra ID takes a string. It is left out (line 4), as in authentik. Correct \
                the value in the mapping.
                """,
            german: """
                mail hat den falschen Typ (Zahl). Entra ID erwartet: Text. Der Wert wird ausgelassen (Zeile 4), \
                wie in authentik. Korrigieren Sie den Wert in der Zuordnung.
                """
        ),
        MadeMessage(
            english: """
                Not approved: delete user bob, delete group Staff and 3 more. The directory or the tenant has \
                changed since the approval.
                """,
            german: """
                Nicht genehmigt: Benutzer bob löschen, Gruppe Staff löschen und 3 weitere. Das Verzeichnis oder \
                der Mandant hat sich seit der Genehmigung geändert.
                """
        ),
        MadeMessage(
            english: "Run 12 has ended; its status is 'awaiting_approval'.",
            german: "Der Lauf 12 ist beendet. Sein Status ist: wartet auf Genehmigung."
        ),
        MadeMessage(
            english: """
                Resource 'x' does not exist or one of its queried reference-property objects are not present.
                """,
            german: nil
        ),
    ]
}
