import { Component } from 'react';
import type { ReactNode } from 'react';

interface Props {
  readonly what: string;
  readonly children: ReactNode;
}

/** Keeps a fault in one pane from taking the page, and the program in it, down. */
export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override readonly state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <div className="fault" role="alert">
        <p>
          {this.props.what} stopped with an error; your program is safe. <code>{error.message}</code>
        </p>
        <button type="button" className="button plain" onClick={() => this.setState({ error: null })}>
          Show it again
        </button>
      </div>
    );
  }
}
