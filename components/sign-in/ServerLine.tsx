import { type FormEvent, useCallback, useEffect, useState } from "react";
import { faultOf } from "../../lib/chat/account-actions.ts";
import { useChatActions } from "../../lib/chat/react.tsx";
import { isServerUrl } from "../pairing/pairing-input.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";
import { Field } from "./Field.tsx";

/** The server that the account is for, whether it fits, and the way to another one. */
export function ServerLine() {
  const { serverUrl, serverFault } = useChatActions();
  const [address, setAddress] = useState<string>();
  const [fault, setFault] = useState<string>();
  const [isChanging, setChanging] = useState(false);

  const look = useCallback(async () => {
    const known = await serverUrl();
    setAddress(known);
    setFault(await serverFault(known).catch((error: unknown) => faultOf(error).message));
  }, [serverUrl, serverFault]);
  useEffect(() => void look(), [look]);

  if (address === undefined) return null;
  return (
    <section aria-label="Server" className="flex flex-col gap-2">
      {fault !== undefined && (
        <Notice
          kind="warning"
          title={`${hostOf(address)} cannot be used.`}
          actions={<Button onClick={() => void look()}>Look again</Button>}
        >
          <p>{fault}</p>
        </Notice>
      )}
      {isChanging ? (
        <ServerForm
          address={address}
          onDone={() => {
            setChanging(false);
            void look();
          }}
        />
      ) : (
        <p className="flex items-center gap-1 text-muted text-small">
          <span className="min-w-0 truncate">
            Server: <bdi>{hostOf(address)}</bdi>
          </span>
          <Button
            look="link"
            aria-label="Change the server"
            className="px-1.5 text-small"
            onClick={() => setChanging(true)}
          >
            Change
          </Button>
        </p>
      )}
    </section>
  );
}

function ServerForm({ address, onDone }: { address: string; onDone: () => void }) {
  const { moveTo } = useChatActions();
  const [typed, setTyped] = useState(address);
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isServerUrl(typed)) return setFault("The address must look like https://sidestream.example.org.");
    setBusy(true);
    setFault(undefined);
    try {
      await moveTo(typed.trim());
      onDone();
    } catch (error) {
      setFault(faultOf(error).message);
      setBusy(false);
    }
  };

  return (
    <form onSubmit={submit} noValidate aria-label="Server" className="flex flex-col gap-2">
      <Field
        autoFocus
        label="Server address"
        type="url"
        name="server"
        autoComplete="url"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        fault={fault}
      />
      <div className="flex gap-2">
        <Button type="submit" disabled={isBusy}>
          {isBusy ? "Looking…" : "Use this server"}
        </Button>
        <Button look="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function hostOf(address: string): string {
  return URL.parse(address)?.host ?? address;
}
